// Strongly connected components of the call graph below one method, callees before callers, so that
// facts are made once and recursion meets itself only inside a component. Iterative: call chains can
// be as long as the workspace.
// Source: R. E. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1(2), 1972.

interface Frame<T> {
  readonly node: T;
  readonly next: Iterator<T>;
}

/**
 * The components reachable from `root`, each a list of its members; a component comes after all
 * components that it reaches.
 */
export function stronglyConnected<T>(root: T, successors: (node: T) => Iterable<T>): T[][] {
  const order = new Map<T, number>();
  const low = new Map<T, number>();
  const onStack = new Set<T>();
  const stack: T[] = [];
  const components: T[][] = [];
  const frames: Frame<T>[] = [];
  const enter = (node: T): void => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    onStack.add(node);
    frames.push({ node, next: successors(node)[Symbol.iterator]() });
  };
  const lower = (node: T, to: number): void => {
    low.set(node, Math.min(low.get(node) ?? to, to));
  };
  enter(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { node, next } = frame;
    const step = next.next();
    if (step.done !== true) {
      if (!order.has(step.value)) enter(step.value);
      else if (onStack.has(step.value)) lower(node, order.get(step.value) ?? 0);
      continue;
    }
    frames.pop();
    const above = frames.at(-1);
    if (above !== undefined) lower(above.node, low.get(node) ?? 0);
    if (low.get(node) !== order.get(node)) continue;
    const members: T[] = [];
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      onStack.delete(member);
      members.push(member);
      if (member === node) break;
    }
    components.push(members);
  }
  return components;
}
