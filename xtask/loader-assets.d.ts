// What the build puts in the place of the loader's token, told to the type check of the loader.
interface BuiltAsset { path: string; integrity: string }
interface BuiltBindings { mount: any; imports: () => WebAssembly.Imports; finish: (instance: { exports: object }, module: WebAssembly.Module) => void }
declare const __CALYPSO_ASSETS__: { core: { wasm: BuiltAsset; css: BuiltAsset; bind: () => BuiltBindings }; verifier?: BuiltAsset; languages?: Record<string, BuiltAsset>; wallet?: BuiltAsset };
