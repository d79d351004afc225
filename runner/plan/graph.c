/* SPDX-License-Identifier: MIT */
/*
 * Facts, values and conditions form one graph. Ordering it (Kahn) refuses circles; going through it in order gives
 * every fact the set of facts it waits for, through whatever values and conditions lie between.
 */
#include "base/limits.h"
#include "plan/builder.h"

struct node {
    const uint32_t *needs; /* nodes, each once or more */
    size_t need_count;
    const uint32_t *facts; /* facts that stand behind it, each once */
    size_t fact_count;
    uint32_t waiting; /* needs not yet ordered */
    uint32_t depth;   /* longest chain of values and conditions below */
};

struct graph {
    struct builder *builder;
    struct node *nodes;
    uint32_t fact_count, value_count, node_count;
    uint32_t *order; /* nodes, needs first */
    uint32_t ordered;
    struct arena_list gathered; /* uint32_t: while visiting one node */
};

static void add_need(struct graph *graph, uint32_t node)
{
    *(uint32_t *)arena_push(graph->builder->arena, &graph->gathered, sizeof(uint32_t)) = node;
}

static void visit_ref(void *context, const struct ref *ref)
{
    struct graph *graph = context;
    if (ref->root == REF_FACT) {
        add_need(graph, ref->index);
    } else if (ref->root == REF_VALUE) {
        add_need(graph, graph->fact_count + ref->index);
    }
}

static void visit_named(void *context, uint32_t condition)
{
    struct graph *graph = context;
    add_need(graph, graph->fact_count + graph->value_count + condition);
}

static void visit_fact(const struct fact *fact, const struct ref_visitor *visitor)
{
    expr_visit(fact->for_each, visitor);
    cond_visit(fact->when, visitor);
    for (size_t i = 0; i < fact->kind->params.count; i++) {
        expr_visit(fact->params[i], visitor);
    }
}

static void visit_value(const struct plan_value *value, const struct ref_visitor *visitor)
{
    expr_visit(value->each, visitor);
    cond_visit(value->where, visitor);
    expr_visit(value->otherwise, visitor);
    for (size_t i = 0; i < value->first_count; i++) {
        expr_visit(value->first[i], visitor);
    }
    for (size_t i = 0; i < value->case_count; i++) {
        cond_visit(value->cases[i].when, visitor);
        expr_visit(value->cases[i].is, visitor);
    }
}

static void gather(struct graph *graph, uint32_t index)
{
    const struct builder *builder = graph->builder;
    struct ref_visitor visitor = {.context = graph, .ref = visit_ref, .named = visit_named};
    graph->gathered = (struct arena_list){0};
    if (index < graph->fact_count) {
        visit_fact(&builder->facts[index], &visitor);
    } else if (index < graph->fact_count + graph->value_count) {
        visit_value(&builder->values[index - graph->fact_count], &visitor);
    } else {
        cond_visit(builder->conditions[index - graph->fact_count - graph->value_count].cond, &visitor);
    }
    graph->nodes[index].needs = graph->gathered.items;
    graph->nodes[index].need_count = graph->gathered.count;
}

/* Says what is wrong with the node, at the place where it stands. Returns false. */
static bool refuse_node(const struct graph *graph, uint32_t index, struct err *err, const char *what)
{
    const struct builder *builder = graph->builder;
    const struct json *json = NULL;
    bool is_common = false;
    if (index < graph->fact_count) {
        json = builder->fact_sources[index]->json;
        is_common = index >= builder->own_facts;
    } else if (index < graph->fact_count + graph->value_count) {
        json = builder->value_sources[index - graph->fact_count]->json;
        is_common = index - graph->fact_count >= builder->own_values;
    } else {
        json = builder->condition_sources[index - graph->fact_count - graph->value_count];
        is_common = index - graph->fact_count - graph->value_count >= builder->own_conditions;
    }
    return json_refuse(json, is_common ? builder->common->file : builder->own_file, err, "%s", what);
}

/* Kahn: `users` are the edges turned round, in compressed rows. */
static void order_nodes(struct graph *graph)
{
    struct arena *arena = graph->builder->arena;
    uint32_t count = graph->node_count;
    uint32_t *first = arena_array(arena, (size_t)count + 2, sizeof(*first));
    size_t edges = 0;
    for (uint32_t i = 0; i < count; i++) {
        graph->nodes[i].waiting = (uint32_t)graph->nodes[i].need_count;
        edges += graph->nodes[i].need_count;
        for (size_t k = 0; k < graph->nodes[i].need_count; k++) {
            first[graph->nodes[i].needs[k] + 2]++;
        }
    }
    for (uint32_t i = 2; i < count + 2; i++) {
        first[i] += first[i - 1];
    }
    uint32_t *users = arena_array(arena, edges, sizeof(*users));
    for (uint32_t i = 0; i < count; i++) {
        for (size_t k = 0; k < graph->nodes[i].need_count; k++) {
            users[first[graph->nodes[i].needs[k] + 1]++] = i;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (graph->nodes[i].waiting == 0) {
            graph->order[graph->ordered++] = i;
        }
    }
    for (uint32_t done = 0; done < graph->ordered; done++) {
        for (uint32_t k = first[graph->order[done]]; k < first[graph->order[done] + 1]; k++) {
            if (--graph->nodes[users[k]].waiting == 0) {
                graph->order[graph->ordered++] = users[k];
            }
        }
    }
}

/* Of the nodes left over, one that lies on a circle: follow open needs as many steps as there are nodes. */
static bool refuse_circle(const struct graph *graph, struct err *err)
{
    uint32_t node = 0;
    while (graph->nodes[node].waiting == 0) {
        node++;
    }
    for (uint32_t step = 0; step < graph->node_count; step++) {
        const struct node *here = &graph->nodes[node];
        for (size_t k = 0; k < here->need_count; k++) {
            if (graph->nodes[here->needs[k]].waiting != 0) {
                node = here->needs[k];
                break;
            }
        }
    }
    return refuse_node(graph, node, err, "a circle: this needs itself");
}

static void add_fact(struct graph *graph, uint32_t *stamps, uint32_t stamp, uint32_t fact)
{
    if (stamps[fact] != stamp) {
        stamps[fact] = stamp;
        add_need(graph, fact);
    }
}

/* The facts behind a node: its own, and those behind the values and conditions it names. */
static bool close_node(struct graph *graph, uint32_t index, uint32_t *stamps, struct err *err)
{
    struct node *node = &graph->nodes[index];
    graph->gathered = (struct arena_list){0};
    for (size_t k = 0; k < node->need_count; k++) {
        uint32_t need = node->needs[k];
        if (need < graph->fact_count) {
            add_fact(graph, stamps, index + 1, need);
            continue;
        }
        const struct node *below = &graph->nodes[need];
        for (size_t f = 0; f < below->fact_count; f++) {
            add_fact(graph, stamps, index + 1, below->facts[f]);
        }
        if (below->depth + 1 > node->depth) {
            node->depth = below->depth + 1;
        }
    }
    if (node->depth > LIMIT_REFERENCE_DEPTH) {
        return refuse_node(graph, index, err,
                           arena_format(graph->builder->arena,
                                        "values and conditions refer to each other more than %d deep",
                                        (int)LIMIT_REFERENCE_DEPTH));
    }
    node->facts = graph->gathered.items;
    node->fact_count = graph->gathered.count;
    return true;
}

/* appliesTo is looked at first: the facts behind it, and those behind them, do not wait for it. */
static void open_gate(struct graph *graph)
{
    struct builder *builder = graph->builder;
    struct ref_visitor visitor = {.context = graph, .ref = visit_ref, .named = visit_named};
    for (uint32_t i = 0; i < graph->fact_count; i++) {
        builder->facts[i].gated = builder->playbook.applies_to != NULL;
    }
    graph->gathered = (struct arena_list){0};
    cond_visit(builder->playbook.applies_to, &visitor);
    for (size_t next = 0; next < graph->gathered.count; next++) {
        uint32_t index = ((const uint32_t *)graph->gathered.items)[next];
        const struct node *node = &graph->nodes[index];
        if (index < graph->fact_count) {
            if (!builder->facts[index].gated) {
                continue;
            }
            builder->facts[index].gated = false;
        }
        for (size_t f = 0; f < node->fact_count; f++) {
            if (builder->facts[node->facts[f]].gated) {
                add_need(graph, node->facts[f]);
            }
        }
    }
}

bool graph_build(struct builder *builder, struct err *err)
{
    struct graph graph = {.builder = builder,
                          .fact_count = (uint32_t)builder->playbook.fact_count,
                          .value_count = (uint32_t)builder->playbook.value_count};
    graph.node_count = graph.fact_count + graph.value_count + (uint32_t)builder->playbook.condition_count;
    graph.nodes = arena_array(builder->arena, graph.node_count, sizeof(*graph.nodes));
    graph.order = arena_array(builder->arena, graph.node_count, sizeof(*graph.order));
    for (uint32_t i = 0; i < graph.node_count; i++) {
        gather(&graph, i);
    }
    order_nodes(&graph);
    if (graph.ordered < graph.node_count) {
        return refuse_circle(&graph, err);
    }
    uint32_t *stamps = arena_array(builder->arena, graph.fact_count, sizeof(*stamps));
    for (uint32_t i = 0; i < graph.node_count; i++) {
        if (!close_node(&graph, graph.order[i], stamps, err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < graph.fact_count; i++) {
        builder->facts[i].after = graph.nodes[i].facts;
        builder->facts[i].after_count = graph.nodes[i].fact_count;
    }
    for (uint32_t i = 0; i < graph.value_count; i++) {
        builder->values[i].after = graph.nodes[graph.fact_count + i].facts;
        builder->values[i].after_count = graph.nodes[graph.fact_count + i].fact_count;
    }
    open_gate(&graph);
    return true;
}
