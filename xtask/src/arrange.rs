//! Puts the functions of a module that look alike beside each other. It is the same module, and brotli writes it shorter: what repeats is
//! said in fewer bits the nearer it is.
//!
//! The compiler's order is by size, which has little to do with likeness. Which order is the best is a travelling salesman's question; going
//! to the most alike of those that are left is an answer good enough.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload};

/// How many instructions in a row are compared.
const RUN: usize = 3;
/// What stands in more functions than this says nothing about two of them.
const COMMON: usize = 400;

/// The module with its functions in another order.
pub(crate) fn arrange(wasm: &[u8]) -> Result<Vec<u8>> {
    let module = Functions::read(wasm)?;
    let order = order(&module.bodies)?;
    let mut places = vec![0; order.len()];
    for (place, &function) in (module.imported..).zip(&order) {
        places[function] = place;
    }
    let mut arranged = Module::new();
    Arranged {
        imported: module.imported,
        order,
        places,
    }
    .parse_core_module(&mut arranged, Parser::new(0), wasm)
    .map_err(|error| anyhow::anyhow!("{error}"))
    .context("the module could not be written in another order")?;
    Ok(arranged.finish())
}

/// The functions of a module.
struct Functions<'a> {
    /// How many are imported: their numbers come first.
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Functions<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let (mut imported, mut bodies) = (0, Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        ensure!(!bodies.is_empty(), "a module without functions");
        Ok(Self { imported, bodies })
    }
}

/// The functions from one to the most alike of those that are left, beginning with the first.
fn order(bodies: &[FunctionBody<'_>]) -> Result<Vec<usize>> {
    let runs = bodies.iter().map(runs).collect::<Result<Vec<_>>>()?;
    let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for &run in runs {
            holders.entry(run).or_default().push(function);
        }
    }
    holders.retain(|_, functions| functions.len() <= COMMON);
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let mut next = left.first().copied();
    while let Some(function) = next {
        left.remove(&function);
        order.push(function);
        let mut shared = vec![0; bodies.len()];
        for holder in runs[function].iter().filter_map(|run| holders.get(run)) {
            for &other in holder {
                shared[other] += 1;
            }
        }
        // Of equals the first, so that the same module gives the same order.
        next = left.iter().copied().max_by_key(|&other| {
            let both = runs[function].len() + runs[other].len() - shared[other];
            (shared[other] * 1_000_000 / (both + 5), usize::MAX - other)
        });
    }
    Ok(order)
}

/// The instructions of a function, [`RUN`] at a time, each run once.
fn runs<'a>(body: &FunctionBody<'a>) -> Result<BTreeSet<&'a [u8]>> {
    let (code, base) = (body.as_bytes(), body.range().start);
    let mut operators = body.get_operators_reader()?;
    let mut begins = Vec::new();
    while !operators.eof() {
        begins.push(operators.original_position() - base);
        operators.read()?;
    }
    begins.push(code.len());
    Ok(begins
        .windows(RUN + 1)
        .map(|window| &code[window[0]..window[RUN]])
        .collect())
}

/// Writes a module with each function in its new place.
struct Arranged {
    imported: u32,
    /// The functions in their new order.
    order: Vec<usize>,
    /// The new number of each function.
    places: Vec<u32>,
}

impl Reencode for Arranged {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        let own = function.checked_sub(self.imported);
        Ok(own.map_or(function, |own| self.places[own as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
