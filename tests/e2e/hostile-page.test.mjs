// A page on which somebody else wrote markup, or polluted a prototype with plain texts: the widget asks the proxy its script came from,
// or says visibly that it does not work. It never asks the attacker's proxy, which serves the same files and a working API.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from './lib/scenario.mjs';
import { Twin } from './lib/twin.mjs';

const LIMIT_MS = 30_000;

let browser;
let context;
let ours;
let evil;
before(async () => {
  [browser, ours, evil] = await Promise.all([launch(), Twin.start(), Twin.start()]);
  context = await browser.newContext();
});
after(async () => {
  await Promise.all([browser?.close(), ours?.stop(), evil?.stop()]);
});

/** How a shop puts the widget on its page; `hostile` is what somebody else wrote before and behind it. */
const WAYS = {
  'module and element': ({ before, behind }) => `<body>${before}<script type="module" src="/calypso-pay.js"></script><calypso-pay product="tea"></calypso-pay>${behind}`,
  'module drop-in': ({ before, behind }) => `<body>${before}<script type="module" src="/calypso-pay.js" data-product="tea"></script>${behind}`,
  'classic drop-in': ({ before, behind }) => `<body>${before}<script src="/calypso-pay.js" data-product="tea" async></script>${behind}`,
  'imported by a script': ({ before, behind }) => `<body>${before}<script type="module">import '/calypso-pay.js';</script><calypso-pay product="tea"></calypso-pay>${behind}`,
  'classic in the head': ({ before, behind }) => `<head><script src="/calypso-pay.js" defer></script></head><body>${before}<calypso-pay product="tea"></calypso-pay>${behind}`,
};

/** Names of `document` that an element of this name takes. */
const clobbers = (name) => (evil) => `<img name="${name}" src="${evil}/calypso-pay.js" alt="">`;

/** Plain texts on `Object.prototype`, as a careless merge of objects leaves them. */
const pollutes = (...names) => (evil) => `<script>for (const name of ${JSON.stringify(names)}) Object.prototype[name] = '${evil}/calypso-pay.js';</script>`;

/** What the attacker writes: before the widget, and behind it where that is said. */
const ATTACKS = [
  // Names on `document`.
  ...[
    'currentScript', 'querySelectorAll', 'querySelector', 'getElementsByTagName', 'getElementById', 'scripts', 'head', 'body', 'documentElement',
    'baseURI', 'URL', 'documentURI', 'location', 'createElement', 'createTextNode', 'createElementNS', 'addEventListener', 'removeEventListener',
    'defaultView', 'readyState', 'hidden', 'visibilityState', 'activeElement', 'adoptedStyleSheets', 'implementation',
  ].map((name) => [`<img name=${name}>`, clobbers(name)]),
  ['two images of the name currentScript', (evil) => clobbers('currentScript')(evil).repeat(2)],
  ['<form name=currentScript> with an input named src', (evil) => `<form name="currentScript"><input name="src" value="${evil}/calypso-pay.js"><input name="dataset"></form>`],
  ['<embed name=currentScript>', (evil) => `<embed name="currentScript" src="${evil}/calypso-pay.js">`],
  ['<iframe name=currentScript>', (evil) => `<iframe name="currentScript" src="${evil}/calypso-pay.js"></iframe>`],
  ['<object id=currentScript>', (evil) => `<object id="currentScript" data="${evil}/calypso-pay.js"></object>`],
  ['names of the window', (evil) => ['__CALYPSO_ASSETS__', 'wasmBindings', 'own', 'base', 'proxy', 'fetch', 'crypto', 'URL'].map((id) => `<a id="${id}" name="${id}" href="${evil}/"></a>`).join('')],

  // Tags that do not run.
  ['an inert script of another type', (evil) => `<script type="text/x" src="${evil}/calypso-pay.js" data-product="tea"></script>`],
  ['an inert module in a template', (evil) => `<template><script type="module" src="${evil}/calypso-pay.js" data-product="tea"></script></template>`],
  ['an inert script in SVG', (evil) => `<svg><script type="text/x" href="${evil}/calypso-pay.js" src="${evil}/calypso-pay.js"></script></svg>`],
  ['an inert script put in by innerHTML', (evil) => `<div id="d"></div><script>d.innerHTML = '<script src="${evil}/calypso-pay.js" data-product="tea"><\\/script>';</script>`],
  ['an inert tag of our script that lists the attacker', (evil) => `<script type="text/x" src="/calypso-pay.js" data-proxies="${evil}"></script><calypso-pay product="tea" proxy="${evil}"></calypso-pay>`],

  ...[
    ['an inert module of ours that lists the attacker, put in by innerHTML', (evil) => `document.body.insertAdjacentHTML('beforeend', '<script type="module" src="/calypso-pay.js" data-proxies="${evil}"><\\/script>')`],
    ['a copy of our tag that lists the attacker and never ran', (evil) => `const tag = new DOMParser().parseFromString('<script type="module" src="/calypso-pay.js" data-proxies="${evil}"><\\/script>', 'text/html').head.firstChild; document.body.append(tag)`],
    ['a tag of ours that lists the attacker and only says that it ran', (evil) => `const tag = document.createElement('template'); tag.innerHTML = '<script type="module" src="/calypso-pay.js" data-proxies="${evil}"><\\/script>'; const { firstChild } = tag.content; document.body.insertAdjacentElement('beforeend', firstChild.cloneNode()).dispatchEvent(new Event('load'))`],
  ].map(([name, script]) => [name, (evil) => ['', `<calypso-pay product="tea" proxy="${evil}"></calypso-pay><script>${script(evil)}; addEventListener('load', () => { ${script(evil)} });</script>`]]),
  ['a path of our own origin', (_evil, ours) => ['', `<calypso-pay product="tea" proxy="${ours}/uploads/mine"></calypso-pay><calypso-pay product="tea" proxy="/go/http:%2F%2Felsewhere"></calypso-pay>`]],

  // What a relative address means.
  ['<base> behind the script', (evil) => ['', `<base href="${evil}/">`]],
  ['<base> behind the script, and a relative proxy', (evil) => ['', `<base href="${evil}/"><calypso-pay product="tea" proxy="/"></calypso-pay>`]],
  ['an import map', (evil) => `<script type="importmap">{"imports":{"/assets/":"${evil}/assets/"}}</script>`],

  // An element of the attacker's own.
  ...['{evil}', '//{host}', '\\\\{host}', ' {evil} ', 'ht\ntp://{host}', 'http:\\\\{host}', '{ours}@{host}', '{ours}%40@{host}/', 'HTTP://{host}/{ours}', '{evil}/?{ours}', '{evil}#{ours}']
    .map((proxy) => [`<calypso-pay proxy="${proxy.replace('\n', '\\n')}">`, (evil, ours) => `<calypso-pay product="tea" proxy="${
      proxy.replaceAll('{evil}', evil).replaceAll('{host}', new URL(evil).host).replaceAll('{ours}', ours).replace('\n', '&#10;')}"></calypso-pay>`]),

  // Plain texts on prototypes.
  ['Object.prototype.proxy', (evil) => `<script>Object.prototype.proxy = '${evil}';</script>`],
  ['Object.prototype.proxy with a path', pollutes('proxy')],
  ['Object.prototype: names of attributes', pollutes('data-proxy', 'dataProxy', 'data-proxies', 'proxies', 'checkout', 'product', 'theme', 'src', 'href', 'origin', 'base')],
  ['Object.prototype: names of the assets', pollutes('start', 'styles', 'bind', 'wasm', 'css', 'glue', 'path')],
  ['Object.prototype.integrity', pollutes('integrity')],
  ['Object.prototype: options of fetch', pollutes('credentials', 'method', 'body', 'mode', 'cache', 'redirect', 'referrer', 'referrerPolicy', 'window', 'priority', 'duplex', 'targetAddressSpace')],
  ['Object.prototype.headers', pollutes('headers')],
  ['Object.prototype.signal', pollutes('signal')],
  ['Object.prototype: fields of a property', pollutes('get', 'set', 'value', 'writable', 'configurable', 'enumerable')],
  ['Object.prototype: fields of an element\'s definition', pollutes('adoptedCallback', 'connectedMoveCallback', 'disabledFeatures', 'formAssociated', 'extends')],
  ['Object.prototype: options of a shadow root', pollutes('slotAssignment', 'delegatesFocus', 'clonable', 'serializable', 'customElementRegistry')],
  ['Object.prototype: fields of an event', pollutes('detail', 'bubbles', 'composed', 'cancelable', 'code')],
  ['Object.prototype.then', pollutes('then')],
  ['Object.prototype: fields of an error', pollutes('stack', 'name', 'message', 'cause', 'prepareStackTrace', 'stackTraceLimit', 'fileName', 'sourceURL')],
  ['Object.prototype: fields of a regular expression\'s match', pollutes('0', '1', 'groups', 'index', 'done')],
  ['Error.prototype.name with a frame in it', (evil) => `<script>Error.prototype.name = 'x\\n    at ${evil}/calypso-pay.js:1:1';</script>`],
  ['Error.prototype.message with a frame in it', (evil) => `<script>Error.prototype.message = 'x\\n    at ${evil}/calypso-pay.js:1:1';</script>`],
  ['Error.prototype.stack', (evil) => `<script>Error.prototype.stack = 'Error\\n    at ${evil}/calypso-pay.js:1:1';</script>`],
  ['Error.stackTraceLimit = 0', () => '<script>Error.stackTraceLimit = 0;</script>'],
  ['Error.prepareStackTrace as a text', (evil) => `<script>Error.prepareStackTrace = '${evil}/calypso-pay.js:1:1';</script>`],
  ['HTMLElement.prototype.proxy', (evil) => `<script>HTMLElement.prototype.proxy = Element.prototype.proxy = Node.prototype.proxy = '${evil}';</script>`],
  ['DOMStringMap.prototype.proxy', (evil) => `<script>DOMStringMap.prototype.proxy = '${evil}';</script>`],
  ['HTMLScriptElement.prototype.src', (evil) => `<script>Object.defineProperty(HTMLScriptElement.prototype, 'src', { value: '${evil}/calypso-pay.js' });</script>`],
  ['Document.prototype.currentScript', (evil) => `<script>Object.defineProperty(Document.prototype, 'currentScript', { value: { src: '${evil}/calypso-pay.js', dataset: {} } });</script>`],
  ['Document.prototype.baseURI', (evil) => `<script>for (const prototype of [Document.prototype, Node.prototype]) Object.defineProperty(prototype, 'baseURI', { value: '${evil}/' });</script>`],
];

/** Opens the page and waits until every element on it has come to an end: a first screen, or a failure. */
async function visit(html, { path = '/shop', headers } = {}) {
  const page = await context.newPage();
  try {
    const url = ours.page(path, `<!doctype html><html><title>Shop</title>${html}`, headers);
    await page.goto(url);
    // Asked again and again from here: what a page does to prototypes may also break the browser driver's own ways to wait.
    const limit = Date.now() + LIMIT_MS;
    for (;;) {
      const elements = await page.evaluate(() => [...Document.prototype.querySelectorAll.call(document, 'calypso-pay')].map((element) => ({
        state: element.getAttribute('data-state'),
        says: element.shadowRoot?.textContent.trim().length > 10,
      })));
      const isOver = elements.length > 0 && elements.every(({ state }) => ['choosing', 'failed'].includes(state));
      if (isOver || Date.now() > limit) return elements;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  } finally {
    await page.close();
  }
}

for (const [name, attack] of ATTACKS) {
  test(`the widget does not ask whom it is told to by ${name}`, { timeout: 240_000 }, async () => {
    ours.asked.length = 0;
    evil.asked.length = 0;
    const [before, behind = ''] = [attack(evil.origin, ours.origin)].flat();
    const visits = Object.entries(WAYS).map(async ([way, page]) => [way, await visit(page({ before, behind }), { path: `/${way.replaceAll(' ', '-')}` })]);
    const ways = await Promise.all(visits);
    assert.equal(evil.wasAsked, false, `the attacker was asked for ${evil.asked.join(', ')}`);
    for (const [way, elements] of ways) {
      assert.ok(elements.length > 0, `${way}: nothing is on the page`);
      for (const { state, says } of elements) {
        assert.ok(['choosing', 'failed'].includes(state) && says, `${way}: neither a widget nor a visible failure, but ${JSON.stringify(elements)}`);
      }
    }
    if (ways.some(([, elements]) => elements.some(({ state }) => state === 'choosing'))) assert.ok(ours.wasAsked, 'somebody answered, and it was not ours');
  });
}

test('the attacker\'s proxy would be asked if it were listed', { timeout: 60_000 }, async () => {
  evil.asked.length = 0;
  const listed = `data-proxies="https://elsewhere.example ${evil.origin}"`;
  const [element] = await visit(`<script type="module" src="/calypso-pay.js" ${listed}></script><calypso-pay product="tea" proxy="${evil.origin}"></calypso-pay>`);
  assert.equal(element.state, 'choosing');
  assert.ok(evil.wasAsked, 'so the other tests can fail');
  evil.asked.length = 0;
  const [dropIn] = await visit(`<script src="/calypso-pay.js" ${listed} data-product="tea" data-proxy="${evil.origin}"></script>`);
  assert.equal(dropIn.state, 'choosing');
  assert.ok(evil.wasAsked);
});

test('a tag that runs and lists nothing takes a listed proxy away, and one that does not run changes nothing', { timeout: 60_000 }, async () => {
  const listed = `<script type="module" src="/calypso-pay.js" data-proxies="${evil.origin}"></script>`;
  const element = `<calypso-pay product="tea" proxy="${evil.origin}"></calypso-pay>`;
  for (const [added, state] of [['<script type="text/x" src="/calypso-pay.js"></script>', 'choosing'], ['<script src="/calypso-pay.js"></script>', 'failed']]) {
    evil.asked.length = 0;
    const [shown] = await visit(`${added}${listed}${element}`);
    assert.equal(shown.state, state, added);
    assert.equal(evil.wasAsked, state === 'choosing', added);
  }
});

test('a proxy listed with its path is that path alone, and it answers itself: it sends nobody elsewhere', { timeout: 60_000 }, async () => {
  evil.asked.length = 0;
  const [element] = await visit(`<script type="module" src="/calypso-pay.js" data-proxies="${evil.origin}/pay/"></script><calypso-pay product="tea" proxy="${evil.origin}/uploads"></calypso-pay>`);
  assert.equal(element.state, 'failed');
  assert.equal(evil.wasAsked, false);
  for (const path of ['/uploads/mine', '/go/http:%2F%2Felsewhere', './assets', '/v1']) {
    ours.asked.length = 0;
    const [lent] = await visit(`<script type="module" src="/calypso-pay.js"></script><calypso-pay product="tea" proxy="${path}"></calypso-pay>`);
    assert.equal(lent.state, 'failed', path);
    assert.ok(!ours.asked.some((asked) => asked.endsWith('/v1/checkouts')), path);
  }
  ours.redirects = evil.origin;
  try {
    const [sent] = await visit('<script type="module" src="/calypso-pay.js"></script><calypso-pay product="tea"></calypso-pay>');
    assert.equal(sent.state, 'failed');
    assert.equal(evil.wasAsked, false);
  } finally {
    ours.redirects = '';
  }
});

test('a loader on another origin than the page asks its own, as a module and as a classic script', { timeout: 60_000 }, async () => {
  for (const html of [
    `<script type="module" src="${evil.origin}/calypso-pay.js"></script><calypso-pay product="tea" proxy="/"></calypso-pay>`,
    `<script src="${evil.origin}/calypso-pay.js" data-product="tea" async></script>`,
  ]) {
    ours.asked.length = 0;
    evil.asked.length = 0;
    const [element] = await visit(html);
    assert.equal(element.state, 'choosing', html);
    assert.deepEqual([evil.wasAsked, ours.wasAsked], [true, false], html);
  }
});
