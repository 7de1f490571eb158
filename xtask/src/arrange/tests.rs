//! That an arranged module is the same module.

use std::collections::BTreeSet;

use wasmparser::{Parser, Payload, Validator};

use super::{Functions, arrange, order};

/// A module whose first function calls the import and the third, and whose second and fourth look alike.
fn module() -> Vec<u8> {
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
        Function, FunctionSection, ImportSection, Instruction, Module, RefType, TableSection,
        TableType, TypeSection, ValType,
    };
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("page", "f", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let alike = |last| {
        let mut body = vec![Instruction::I32Const(7)];
        for number in [1, 2, 3, last] {
            body.extend([Instruction::I32Const(number), Instruction::I32Add]);
        }
        body
    };
    let calls = vec![
        Instruction::Call(0),
        Instruction::Call(3),
        Instruction::I32Mul,
    ];
    let odd = vec![Instruction::I32Const(-9), Instruction::I32Eqz];
    for body in [calls, alike(4), odd, alike(5)] {
        functions.function(0);
        let mut function = Function::new([]);
        for instruction in body {
            function.instruction(&instruction);
        }
        function.instruction(&Instruction::End);
        code.function(&function);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 2,
        maximum: None,
        shared: false,
    });
    let mut exports = ExportSection::new();
    exports.export("mount", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    let listed = Elements::Functions(vec![4, 2].into());
    elements.active(None, &ConstExpr::i32_const(0), listed);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module.section(&tables).section(&exports).section(&elements);
    module.section(&code);
    module.finish()
}

/// The bodies of a module, each in its place.
fn bodies(wasm: &[u8]) -> Vec<Vec<u8>> {
    let functions = Functions::read(wasm).unwrap();
    functions
        .bodies
        .iter()
        .map(|body| body.as_bytes().to_vec())
        .collect()
}

/// What the export and the table name, by the first bytes of their functions.
fn named(wasm: &[u8]) -> Vec<Vec<u8>> {
    let bodies = bodies(wasm);
    let mut named = Vec::new();
    let mut name = |function: u32| {
        let body = &bodies[function as usize - 1];
        // What it calls may have another number, what it does may not.
        named.push(body[..3].to_vec());
    };
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.unwrap() {
            Payload::ExportSection(exports) => {
                exports
                    .into_iter()
                    .for_each(|export| name(export.unwrap().index));
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    let wasmparser::ElementItems::Functions(listed) = element.unwrap().items else {
                        panic!("functions were written");
                    };
                    listed
                        .into_iter()
                        .for_each(|function| name(function.unwrap()));
                }
            }
            _ => {}
        }
    }
    named
}

#[test]
fn functions_that_look_alike_stand_beside_each_other() {
    let wasm = module();
    let places = order(&Functions::read(&wasm).unwrap().bodies).unwrap();
    let of = |function| places.iter().position(|place| *place == function).unwrap();
    assert_eq!(of(1).abs_diff(of(3)), 1, "{places:?}");
    assert_eq!(places[0], 0);
}

#[test]
fn every_function_is_still_there_and_found_by_those_that_name_it() {
    let wasm = module();
    let arranged = arrange(&wasm).unwrap();
    Validator::new().validate_all(&wasm).unwrap();
    Validator::new().validate_all(&arranged).unwrap();
    assert_ne!(arranged, wasm);
    assert_eq!(arranged.len(), wasm.len());
    let without_calls = |wasm: &[u8]| -> BTreeSet<Vec<u8>> {
        bodies(wasm)
            .into_iter()
            .filter(|body| body[1] != 0x10)
            .collect()
    };
    assert_eq!(without_calls(&wasm), without_calls(&arranged));
    assert_eq!(named(&wasm), named(&arranged));
    // The third function, the odd one, stands elsewhere, and its caller has followed it.
    let odd = bodies(&arranged)
        .iter()
        .position(|body| body[2] == 0x77)
        .unwrap();
    assert_eq!(
        bodies(&arranged)[0][3..5],
        [0x10, u8::try_from(odd + 1).unwrap()]
    );
}

#[test]
fn the_same_module_gives_the_same_order() {
    assert_eq!(arrange(&module()).unwrap(), arrange(&module()).unwrap());
    assert!(arrange(b"no module").is_err());
}
