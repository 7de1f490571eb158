// Reading a QR code the way a phone does: from pixels.
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** The text of the QR code in a picture, or null when there is none. */
export function read(png) {
  const { data, width, height } = PNG.sync.read(png);
  const found = jsQR(new Uint8ClampedArray(data), width, height);
  return found?.data ?? null;
}
