/** Templates that random ones include, import and extend. */
export const LIBRARY = {
  base: "<{% block a %}base a{% endblock %}|{% block b %}{{ s }}{% endblock %}>\n",
  middle: "{% extends 'base' %}{% block a %}middle {{ super() }}{% endblock %}{% set from_middle = 1 %}",
  looping:
    "{% for x in ln %}{% block a scoped %}{{ x }}{{ loop.index }}{% endblock %}{% block b %}{{ x }}{% endblock %}{% endfor %}",
  demanding: "{% block a required %}{% endblock %}{% block b %}{{ self.a() }}{% endblock %}",
  lib: "{% macro hi(p, q='Q') %}hi {{ p }}{{ q }}\n{% endmacro %}{% set v = 7 %}{% set _w = 8 %}",
  wrap: "{% macro wrap(x=1) %}[{{ caller(x, 2) if caller else x }}{{ varargs }}{{ kwargs }}]{% endmacro %}",
  aware: "{% macro see() %}{{ s }}{{ x }}{% endmacro %}{% set seen = x %}",
  inc: "[{{ x }}{{ s }}\n{{ i }}]",
  sets: "{% set x = 'set' %}{% set s = 'set' %}{{ x }}{% for y in l %}{{ y }}{% endfor %}",
  failing: "ok\n{{ 1 // z }}",
  broken: "ok\n{% if %}",
  cycle: "{% include 'cycle' %}",
  ping: "{% import 'pong' as p %}",
  pong: "{% import 'ping' as p %}",
} as const;

/** Statements that use them. */
export const LIBRARY_USES = [
  "{% include 'inc' %}",
  "{% include 'no' ignore missing %}",
  "{% include ['no', 'inc'] %}",
  "{% include 'sets' %}{{ x }}{{ s }}",
  "{% include ['no', 'none'] ignore missing with context %}",
  "{% include 'failing' %}",
  "{% include 'broken' %}",
  "{% include l %}",
  "{% include 'in' ~ 'c' %}",
  "{% for x in l %}{% include 'inc' %}{% endfor %}",
  "{% import 'lib' as m %}{{ m.hi(1) }}{{ m.v }}{{ m._w }}{{ m.nope }}",
  "{% import 'lib' as m with context %}{{ m.hi }}",
  "{% import 'failing' as m %}{{ m }}",
  "{% from 'lib' import hi, v as y %}{{ hi(y, q=s) }}",
  "{% from 'lib' import hi with context %}{{ hi() }}",
  "{% from 'lib' import nope %}{{ nope }}",
  "{% from 'lib' import nope %}{{ nope() }}",
  "{% from 'aware' import see, seen with context %}{{ see() }}{{ seen }}",
  "{% from 'aware' import see, seen %}{{ see() }}{{ seen }}",
  "{% from 'wrap' import wrap %}{{ wrap() }}{% call(a, b='B', c='C') wrap(s, 1, k=2) %}{{ a }}{{ b }}{{ c }}{% endcall %}",
  "{% from 'wrap' import wrap %}{% call(a) wrap() %}{{ a }}{% endcall %}",
  "{% from 'wrap' import wrap %}{% call wrap(*l) %}{% call wrap(**d) %}in{% endcall %}{% endcall %}",
] as const;

/** Parents, nearest ones with blocks that they override. */
export const PARENTS = [
  "base",
  "base",
  "middle",
  "middle",
  "looping",
  "demanding",
  "inc",
  "no",
  "broken",
] as const;

/** Loops with more to them than members. */
export const LOOPS = [
  "{% for x in [1, [2, [3, l]]] recursive %}{{ loop.depth }}{{ loop.index }}{% if x is number %}{{ x }}{% else %}<{{ loop(x) }}>{% endif %}{% endfor %}",
  "{% for x in dn recursive %}{{ x }}{{ loop(dn[x]) if loop.depth < 2 }}{% else %}none{% endfor %}",
  "{% for x in lm %}{{ loop.changed(x) }}{{ loop.changed(loop.first, x is none) }}{{ loop.previtem }}/{{ loop.nextitem }}{% endfor %}",
  "{% for x in ln %}{{ loop.cycle(*l) }}{{ loop.cycle(x) }}{{ loop.previtem is defined }}{{ loop.nextitem|default('end') }}{% endfor %}",
  "{% for x in ln if x > 1 %}{{ loop.index }}{{ loop.revindex }}{{ loop.length }}{{ loop.last }}{% else %}none{% endfor %}",
  "{% for x in l|map('upper') %}{{ loop.revindex0 }}{{ loop.last }}{{ x }}{% endfor %}",
  "{% for x in l %}{% set outer = loop %}{% for y in ln %}{{ outer.index }}{{ loop.index }}{% endfor %}{% endfor %}",
  "{% for k, v in d|dictsort %}{{ k }}{{ v }}{% endfor %}{% for k, v in d.items() if v %}{{ loop.index }}{{ k }}{% endfor %}",
  "{% for g, members in objs|groupby('n') %}{{ g }}{{ members|length }}{% endfor %}",
  "{% for a, (b, c) in [[1, [2, 3]], (4, 'xy')] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
  "{% for x in range(3) %}{% set ns.v = x %}{% endfor %}",
  "{% set ns = namespace(v=0, w=[]) %}{% for x in ln %}{% set ns.v = ns.v + x %}{% set ns.w = ns.w + [x] %}{% endfor %}{{ ns.v }}{{ ns.w }}",
  "{% set c = cycler('a', 'b') %}{% for x in ln %}{{ c.next() }}{{ c.current }}{% endfor %}{{ c.reset() }}{{ c.current }}",
  "{% set j = joiner('|') %}{% for x in ln %}{{ j() }}{{ x }}{% endfor %}",
  "{% for x in l %}{{ loop }}{% endfor %}",
  "{% for x in l %}{% if loop.index == 2 %}{% continue %}{% endif %}{{ x }}{% else %}e{% endfor %}",
  "{% for x in l %}{% if x == 'b' %}{% break %}{% endif %}{{ x }}{% endfor %}{{ x }}",
] as const;
