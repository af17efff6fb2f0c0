// Dictionaries by what their functions promise, since the text of Base's hash tables is seldom at hand.
// One that the program did not make itself is taken to be empty at first. Keys and values lie in turn in
// the object's elements, where the collector finds them. Source: Julia's documentation of `AbstractDict`.

import { headOf } from "../layout.ts";
import type { KnownCall } from "./known-calls.ts";
import type { Machine } from "./machine.ts";
import { Thrown } from "./outcome.ts";
import { isEgal, nameOf, Obj, type Value } from "./value.ts";

type Values = readonly (Value | undefined)[];

/** What a function of this name does to the dictionary among its arguments; null for any other call. */
export function dictionaryCallOf(name: string, [first]: Values): KnownCall | null {
  if (!(first instanceof Obj) || !/^(?:Id)?Dict$/.test(headOf(first.layout.key))) return null;
  const act = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (act === undefined) return null;
  return (machine, [, ...args]) => {
    machine.use(first);
    return act(machine, first, args);
  };
}

type DictionaryCall = (machine: Machine, dictionary: Obj, args: Values) => Value | undefined;

function elementsOf(dictionary: Obj): Map<number, Value> {
  dictionary.elements ??= new Map();
  return dictionary.elements;
}

/** The place of a key's value; 0 where the key is not there. */
function placeOf(dictionary: Obj, key: Value | undefined): number {
  for (const [place, value] of elementsOf(dictionary)) {
    if (place % 2 === 1 && isEgal(value, key)) return place + 1;
  }
  return 0;
}

function lookUp(dictionary: Obj, key: Value | undefined): Value | undefined {
  const place = placeOf(dictionary, key);
  if (place === 0) throw new Thrown(nameOf("KeyError"));
  return elementsOf(dictionary).get(place);
}

function remove(dictionary: Obj, key: Value | undefined): void {
  const place = placeOf(dictionary, key);
  elementsOf(dictionary).delete(place);
  elementsOf(dictionary).delete(place - 1);
}

/** Somebody else may see that it changed. */
function tell(machine: Machine, { id, origin }: Obj, words: string): void {
  if (origin !== "local") machine.effect(`${words} ${id}`);
}

const calls: Readonly<Record<string, DictionaryCall>> = {
  "setindex!": (machine, dictionary, [value, key]) => {
    const elements = elementsOf(dictionary);
    const known = placeOf(dictionary, key);
    const place = known === 0 ? Math.max(0, ...elements.keys()) + 2 : known;
    elements.set(place - 1, key ?? null);
    elements.set(place, value ?? null);
    tell(machine, dictionary, "setindex!");
    return dictionary;
  },
  getindex: (_, dictionary, [key]) => lookUp(dictionary, key),
  get: (_, dictionary, [key, other]) => {
    const place = placeOf(dictionary, key);
    return place === 0 ? other : elementsOf(dictionary).get(place);
  },
  haskey: (_, dictionary, [key]) => placeOf(dictionary, key) > 0,
  ht_keyindex: (_, dictionary, [key]) => placeOf(dictionary, key) || -1,
  "pop!": (machine, dictionary, [key, ...others]) => {
    if (others.length > 0 && placeOf(dictionary, key) === 0) return others[0];
    const value = lookUp(dictionary, key);
    remove(dictionary, key);
    tell(machine, dictionary, "pop!");
    return value;
  },
  "delete!": (machine, dictionary, [key]) => {
    remove(dictionary, key);
    tell(machine, dictionary, "delete!");
    return dictionary;
  },
  length: (_, dictionary) => elementsOf(dictionary).size / 2,
  isempty: (_, dictionary) => elementsOf(dictionary).size === 0,
};
