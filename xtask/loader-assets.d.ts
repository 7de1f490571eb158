// What the build puts in the place of the loader's token, told to the type check of the loader.
interface BuiltAsset { path: string; integrity: string }
declare const __CALYPSO_ASSETS__: { glue: BuiltAsset; wasm: BuiltAsset; css: BuiltAsset };
