// Random values from a seed, so that a failing run can be repeated: JUDGE_SEED=n.

export const seed = Number(process.env.JUDGE_SEED ?? Date.now() % 2 ** 31);

/// A generator of numbers below 2^32 (xorshift32).
function generator(state) {
  let at = (state >>> 0) || 1;
  return () => {
    at ^= at << 13;
    at >>>= 0;
    at ^= at >>> 17;
    at ^= at << 5;
    at >>>= 0;
    return at;
  };
}

export class Random {
  constructor(from = seed) {
    this.next = generator(from);
    for (let i = 0; i < 16; i += 1) this.next();
  }
  below(limit) { return this.next() % limit; }
  oneOf(list) { return list[this.below(list.length)]; }
  chance(percent) { return this.below(100) < percent; }
  text(lengthMax, alphabet) {
    return Array.from({length: this.below(lengthMax + 1)}, () => this.oneOf(alphabet)).join('');
  }
}

export const asciiLetters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'];

/// What people and networks put into values: punctuation, spaces at the ends, line breaks, accents, right to
/// left, combining characters, emoji of several code points.
export const anyCharacters = [
  ...asciiLetters, ...' !"#$%&\'()*+,-./:;<=>?@[\\]^`{|}~', '\n', '\r\n', '\t', ...'äßéñøČŁλЖשع漢字カナ한', '\u0301', '\u200b',
  '\u00a0', '\ufeff', '\uffee', '😀', '👩‍🔧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '𝄞',
];
