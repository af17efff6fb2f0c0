// The methods that generated programs call: uses, bodies of finalizers, makers of fresh objects. Callees that
// the programs call and that are not here (`mystery`) have no IR on purpose.

export const types: string = `  type Counted mutable (x::Int64)
  type Node mutable (x::Int64, next::Any)
  type Buffer mutable (ptr::Ptr{Float64} const)
  type Pair2 mutable (a::Any, b::Any)
  type Wrap (o::Counted, n::Int64)`;

/** Bodies by the type of object that they are registered on. */
export const bodies: Readonly<Record<string, readonly string[]>> = {
  Counted: ["fin_bump", "fin_bump", "fin_branch", "fin_throw", "fin_lock", "fin_local"],
  Node: ["fin_node", "fin_next"],
  Buffer: ["fin_free"],
};

export const good = "(+c,!e,+n,+t,+s,!m,+u,+o,+r)";
export const bad = "(!c,!e,!n,+t,+s,!m,+u,+o,+r)";

/** The text of a method. */
export function method(
  signature: string,
  from: string,
  effects: string,
  type: string,
  body: string,
): string {
  return `MethodInstance for ${signature}
  from ${from} @ Main fuzz.jl:1
  effects ${effects}
${types}
CodeInfo(
${body.trim()}
) => ${type}
`;
}

export const callees: string = [
  method(
    "use_wrap(::Wrap)",
    "use_wrap(w::Wrap)",
    good,
    "Int64",
    `
1 ─ %1 =   builtin Base.getfield(w, :o)::Counted
│   %2 =   builtin Base.getfield(%1, :x)::Int64
└──      return %2`,
  ),
  method(
    "bump(::Int64)",
    "bump(x::Int64)",
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(Main.FREED, :x)::Int64
│   %2 = intrinsic Base.add_int(%1, x)::Int64
│          builtin Base.setfield!(Main.FREED, :x, %2)::Int64
└──      return nothing`,
  ),
  method(
    "use_quiet(::Any)",
    "use_quiet(a)",
    good,
    "Nothing",
    `
1 ─       builtin (Core.donotdelete)(a)::Nothing
└──     return nothing`,
  ),
  method(
    "use_field(::Counted)",
    "use_field(a::Counted)",
    good,
    "Int64",
    `
1 ─ %1 =   builtin Base.getfield(a, :x)::Int64
└──      return %1`,
  ),
  method(
    "use_throwing(::Counted)",
    "use_throwing(a::Counted)",
    bad,
    "Int64",
    `
1 ─ %1 =   builtin Base.getfield(a, :x)::Int64
│   %2 = intrinsic Base.slt_int(4, %1)::Bool
└──      goto #3 if not %2
2 ─         invoke Main.error("big"::String)::Union{}
└──      unreachable
3 ─      return %1`,
  ),
  method(
    "give_back(::Counted)",
    "give_back(a)",
    good,
    "Counted",
    `
1 ─     return a`,
  ),
  method(
    "keep(::Counted)",
    "keep(a)",
    good,
    "Nothing",
    `
1 ─       builtin Base.setfield!(Main.KEEP, :x, a)::Counted
└──     return nothing`,
  ),
  method(
    "maybe_keep(::Counted, ::Bool)",
    "maybe_keep(a, c::Bool)",
    good,
    "Int64",
    `
1 ─     goto #3 if not c
2 ─       builtin Base.setfield!(Main.KEEP, :x, a)::Counted
└──     return 1
3 ─     return 0`,
  ),
  method(
    "make_counted(::Int64)",
    "make_counted(n::Int64)",
    bad,
    "Counted",
    `
1 ─ %1 = %new(Main.Counted, n)::Counted
│          builtin (Core.finalizer)(Main.fin_bump, %1)::Nothing
└──      return %1`,
  ),
  method(
    "swallow(::Counted)",
    "swallow(a)",
    good,
    "Int64",
    `
1 ─ %1 = enter #3
2 ─ %2 =    invoke Main.use_throwing(a::Counted)::Int64
│        $(Expr(:leave, :(%1)))
└──      return %2
3 ┄      $(Expr(:pop_exception, :(%1)))::Any
└──      return 0`,
  ),
  method(
    "hand_over(::Counted)",
    "hand_over(a)",
    bad,
    "Nothing",
    `
1 ─        invoke Main.mystery(a::Counted)::Int64
└──      return nothing`,
  ),
  method(
    "wrap(::Counted)",
    "wrap(a)",
    good,
    "Pair2",
    `
1 ─ %1 = %new(Main.Pair2, a, nothing)::Pair2
└──      return %1`,
  ),
  method(
    "first_of(::Pair2)",
    "first_of(p::Pair2)",
    good,
    "Any",
    `
1 ─ %1 =   builtin Base.getfield(p, :a)::Any
└──      return %1`,
  ),
  method(
    "keep_inside(::Pair2)",
    "keep_inside(p::Pair2)",
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(p, :a)::Any
│          builtin Base.setfield!(Main.KEEP, :x, %1)::Any
└──      return nothing`,
  ),
  method(
    "maybe_make(::Int64, ::Bool)",
    "maybe_make(n::Int64, c::Bool)",
    good,
    "Counted",
    `
1 ─ %1 = %new(Main.Counted, n)::Counted
└──      goto #3 if not c
2 ─        builtin (Core.finalizer)(Main.fin_bump, %1)::Nothing
└──      goto #3
3 ┄      return %1`,
  ),
  method(
    "make_kept(::Int64)",
    "make_kept(n::Int64)",
    good,
    "Counted",
    `
1 ─ %1 = %new(Main.Counted, n)::Counted
│          builtin (Core.finalizer)(Main.fin_bump, %1)::Nothing
│          builtin Base.setfield!(Main.KEEP, :x, %1)::Counted
└──      return %1`,
  ),
  method(
    '(::var"#fin#2"{Counted})(::Counted)',
    '(f::var"#fin#2")(o)',
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Core.getfield(f, :o)::Counted
│   %2 =   builtin Base.getfield(%1, :x)::Int64
│           invoke Main.bump(%2::Int64)::Nothing
└──      return nothing`,
  ),
  method(
    '(::var"#grab#1"{Counted})()',
    '(f::var"#grab#1")()',
    good,
    "Int64",
    `
1 ─ %1 =   builtin Core.getfield(f, :o)::Counted
│   %2 =   builtin Base.getfield(%1, :x)::Int64
└──      return %2`,
  ),
  method(
    "fin_bump(::Counted)",
    "fin_bump(o)",
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(o, :x)::Int64
│           invoke Main.bump(%1::Int64)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_branch(::Counted)",
    "fin_branch(o)",
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(o, :x)::Int64
│   %2 = intrinsic Base.slt_int(0, %1)::Bool
└──      goto #3 if not %2
2 ─         invoke Main.bump(1::Int64)::Nothing
└──      return nothing
3 ─         invoke Main.bump(2::Int64)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_throw(::Counted)",
    "fin_throw(o)",
    bad,
    "Nothing",
    `
1 ─ %1 =    invoke Main.use_throwing(o::Counted)::Int64
│           invoke Main.bump(%1::Int64)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_lock(::Counted)",
    "fin_lock(o)",
    bad,
    "Nothing",
    `
1 ─         invoke Main.lock(Main.LOCK::ReentrantLock)::Nothing
│   %2 =   builtin Base.getfield(o, :x)::Int64
│           invoke Main.bump(%2::Int64)::Nothing
│           invoke Main.unlock(Main.LOCK::ReentrantLock)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_local(::Counted)",
    "fin_local(o)",
    good,
    "Nothing",
    `
1 ─        builtin Base.setfield!(o, :x, 0)::Int64
└──      return nothing`,
  ),
  method(
    "fin_node(::Node)",
    "fin_node(o)",
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(o, :x)::Int64
│           invoke Main.bump(%1::Int64)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_next(::Node)",
    "fin_next(o)",
    bad,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(o, :next)::Any
│   %2 =   builtin (%1 isa Main.Counted)::Bool
└──      goto #3 if not %2
2 ─ %4 = π (%1, Counted)
│   %5 =   builtin Base.getfield(%4, :x)::Int64
│           invoke Main.bump(%5::Int64)::Nothing
└──      goto #3
3 ┄      return nothing`,
  ),
  method(
    "fin_free(::Buffer)",
    "fin_free(o)",
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Base.getfield(o, :ptr)::Ptr{Float64}
│        $(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Float64}), 0, :(:ccall), :(%1), :(%1)))::Nothing
└──      return nothing`,
  ),
].join("\n");
