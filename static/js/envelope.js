// Closing and opening envelopes of sealed bids with the browser's own cryptography. The server's half is listings/auctions/envelopes.py.
"use strict";

const Envelope = (() => {
  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  // Every key is used for one message, so the nonce of the cipher may stand still.
  const CIPHER = { name: "AES-GCM", iv: new Uint8Array(12) };
  const CONTENT = 256;
  const bytesOf = (text) => new TextEncoder().encode(text);

  const toBase64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const toHex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash = async (bytes) => toHex(await crypto.subtle.digest("SHA-256", bytes));

  // Multiplication in GF(256), the field of AES.
  function product(a, b) {
    let result = 0;
    for (; b; b >>= 1) {
      if (b & 1) result ^= a;
      a = (a << 1) ^ (a & 0x80 ? 0x11b : 0);
    }
    return result;
  }

  // The share of a seat: the value there of the line through the secret at 0 and a random point at 1.
  function share(secret, random, seat) {
    return secret.map((byte, place) => byte ^ product(byte ^ random[place], seat));
  }

  const publicKey = (text) => crypto.subtle.importKey("raw", fromBase64(text), CURVE, true, []);
  const publicText = async (key) => toBase64(await crypto.subtle.exportKey("raw", key));

  // The cipher that only two have: whoever closed the envelope, and the holder of this seat.
  async function wrapKey(context, seat, privateKey, otherPublic) {
    const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: otherPublic }, privateKey, 256);
    const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const way = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: bytesOf(`${context}|${seat}`) };
    return crypto.subtle.deriveKey(way, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  // An envelope with this amount in fen; `record` is what the bidder may keep.
  async function close(context, amount, holders) {
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const random = crypto.getRandomValues(new Uint8Array(32));
    const nonce = toHex(crypto.getRandomValues(new Uint8Array(32)));
    const { d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
    const content = bytesOf(JSON.stringify({ amount, nonce, d }).padEnd(CONTENT));
    const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
    const shares = await Promise.all(holders.map(async (holder, place) => {
      const seat = place + 1;
      const own = share(secret, random, seat);
      const wrap = await wrapKey(context, seat, pair.privateKey, await publicKey(holder));
      return { seat, box: toBase64(await crypto.subtle.encrypt(CIPHER, wrap, own)), hash: await hash(own) };
    }));
    const commitment = await hash(bytesOf(`${context}|${amount}|${nonce}`));
    const box = toBase64(await crypto.subtle.encrypt({ ...CIPHER, additionalData: bytesOf(context) }, key, content));
    const envelope = { e: await publicText(pair.publicKey), box, shares, commitment };
    return { envelope, record: { context, amount, nonce, commitment } };
  }

  // The holder's share of an envelope in hexadecimal; null when this key opens none.
  async function shareOf(context, seat, envelope, privateKey) {
    try {
      const wrap = await wrapKey(context, seat, privateKey, await publicKey(envelope.e));
      return toHex(await crypto.subtle.decrypt(CIPHER, wrap, fromBase64(envelope.shares[seat - 1].box)));
    } catch {
      return null;
    }
  }

  // A holder's key: its public text, and the private half as it stands in the file.
  async function makeKey() {
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    return { publicText: await publicText(pair.publicKey), privateJwk: await crypto.subtle.exportKey("jwk", pair.privateKey) };
  }

  // The key in a kept file, with the public text that belongs to it. Throws for any other file.
  async function readKey(file) {
    const { key } = JSON.parse(await file.text());
    const privateKey = await crypto.subtle.importKey("jwk", key, CURVE, false, ["deriveBits"]);
    const { kty, crv, x, y } = key;
    const publicHalf = await crypto.subtle.importKey("jwk", { kty, crv, x, y, ext: true }, CURVE, true, []);
    await crypto.subtle.deriveBits({ name: "ECDH", public: publicHalf }, privateKey, 256);
    return { privateKey, publicText: await publicText(publicHalf) };
  }

  return { close, shareOf, makeKey, readKey };
})();
