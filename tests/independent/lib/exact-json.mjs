// JSON whose numbers keep the digits they were written with: nothing here ever turns an amount into a float.

/** A JSON number as its text. Two are equal when their digits are written alike. */
export class Digits {
  constructor(text) {
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw new SyntaxError(`expected a JSON number, got "${text}"`);
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/** A number for a request, written exactly as given. */
export const digits = (text) => new Digits(String(text));

/** Writes compact JSON; `undefined` members are left out, as JSON.stringify does. */
export function write(value) {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Reads JSON strictly; every number becomes `Digits`, a name given twice is refused. */
export function read(text) {
  let at = 0;
  const fail = (expected) => {
    throw new SyntaxError(`expected ${expected} at ${at} of ${text.slice(0, 200)}`);
  };
  const take = (pattern) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match?.[0];
  };
  const space = () => take(/[ \t\n\r]*/y);
  const next = (character) => {
    space();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const string = () => {
    space();
    const quoted = take(/"(?:[^"\\\u0000-\u001f]|\\.)*"/y) ?? fail('a string');
    return JSON.parse(quoted);
  };
  const list = (end, item) => {
    if (next(end)) return;
    do item(); while (next(','));
    if (!next(end)) fail(`"," or "${end}"`);
  };
  const value = () => {
    space();
    if (text[at] === '"') return string();
    if (next('{')) {
      const object = {};
      list('}', () => {
        const name = string();
        if (Object.hasOwn(object, name)) fail(`"${name}" once`);
        if (!next(':')) fail('":"');
        object[name] = value();
      });
      return object;
    }
    if (next('[')) {
      const array = [];
      list(']', () => array.push(value()));
      return array;
    }
    const word = take(/true|false|null/y);
    if (word) return JSON.parse(word);
    return new Digits(take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y) ?? fail('a value'));
  };
  const whole = value();
  space();
  if (at !== text.length) fail('the end');
  return whole;
}
