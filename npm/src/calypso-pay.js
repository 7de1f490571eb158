// The loader of <calypso-pay>: defines the element, shows at once that something is coming, fetches the widget's
// stylesheet and module with their hashes checked, and hands over to it. The build puts the module's glue into it, so its
// hash covers every script of the widget.
//
// The build joins this file and what it imports into one script, which runs unchanged as a module and as a classic script. It touches
// nothing on the page but its own element, and works under `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'` with
// Trusted Types.
//
// Whom the widget asks is decided here, and nothing that markup or a polluted prototype can set takes part in it (decision 0008):
// - no name is read from `document`, where `<img name=head>` would stand in the way, but taken from the prototypes;
// - this script knows its own address from the stack of an error, never from a tag;
// - attributes are read as attributes, and what is handed to the browser has no prototype.

import './loader/define.js';
import './loader/drop-in.js';
