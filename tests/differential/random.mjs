// Chance that follows from a seed (mulberry32).

export class Random {
  constructor(seed) {
    this.state = seed | 0;
  }
  next() {
    this.state = (this.state + 0x6D2B79F5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  chance(probability) {
    return this.next() < probability;
  }
  below(n) {
    return Math.floor(this.next() * n);
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  // Between `least` and `most` results of `make`.
  some(least, most, make) {
    return Array.from({length: least + this.below(most - least + 1)}, make);
  }
}
