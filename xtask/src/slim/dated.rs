//! Taking out of the glue what only browsers need that cannot show the widget anyway.
//!
//! A page that shows it adopts stylesheets (Safari 16.4, Firefox 101), so it has everything that is asked for here, years older.

use anyhow::{Context, Result, ensure};

/// What the glue writes, and what is enough.
const DATED: [(&str, &str); 14] = [
    (
        "(typeof FinalizationRegistry === 'undefined')\n    ? { register: () => {}, unregister: () => {} }\n    : new",
        "new",
    ),
    (
        "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)",
        "cachedDataViewMemory0?.buffer !== wasm.memory.buffer",
    ),
    (
        "if (Symbol.dispose) Mounted.prototype[Symbol.dispose] = Mounted.prototype.free;\n",
        "",
    ),
    // What may throw, in as few letters as it takes.
    (
        "function handleError(f, args) {\n    try {\n        return f.apply(this, args);\n    } catch (e) {\n        const idx = addToExternrefTable0(e);\n        wasm.__wbindgen_exn_store(idx);\n    }\n}\n",
        "function handleError(f) {\n    return (...args) => {\n        try {\n            return f(...args);\n        } catch (e) {\n            const idx = addToExternrefTable0(e);\n            wasm.__wbindgen_exn_store(idx);\n        }\n    };\n}\n",
    ),
    (
        "function() { return handleError(function (",
        "handleError(function (",
    ),
    ("}, arguments); },\n", "}),\n"),
    // The four names of one thing.
    (
        "typeof globalThis === 'undefined' ? undefined : globalThis",
        "globalThis",
    ),
    (
        "typeof self === 'undefined' ? undefined : self",
        "globalThis",
    ),
    (
        "typeof window === 'undefined' ? undefined : window",
        "globalThis",
    ),
    (
        "typeof global === 'undefined' ? undefined : global",
        "globalThis",
    ),
    // A text is written in one go. In pieces it is sooner there by nothing that a buyer sees.
    (
        "passStringToWasm0(arg, malloc, realloc)",
        "passStringToWasm0(arg)",
    ),
    ("if (realloc === undefined) {", "{"),
    (
        "const ptr = malloc(buf.length",
        "const ptr = wasm.__wbindgen_malloc(buf.length",
    ),
    (", wasm.__wbindgen_malloc, wasm.__wbindgen_realloc)", ")"),
];
/// What goes as a whole, up to the next brace in the first column: its beginning, and what stays in its place.
const CUT: [(&str, &str); 2] = [
    ("\n    let len = arg.length;\n", "}\n"),
    ("if (!('encodeInto' in cachedTextEncoder)) {\n", ""),
];
const END: &str = "\n}\n";

/// The glue without it.
pub(super) fn without(glue: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    for (dated, enough) in DATED {
        ensure!(glue.contains(dated), "the glue no longer writes `{dated}`");
        glue = glue.replace(dated, enough);
    }
    for (begin, rest) in CUT {
        let cut = glue
            .split_once(begin)
            .and_then(|(before, after)| Some((before, after.split_once(END)?.1)));
        let (before, after) =
            cut.with_context(|| format!("the glue no longer writes `{begin}`"))?;
        glue = [before, rest, after].concat();
    }
    Ok(glue)
}
