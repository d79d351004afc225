/* SPDX-License-Identifier: MIT */
#include "plan/builder.h"

/* Expressions nest one list or text deep, conditions LIMIT_CONDITION_DEPTH: the recursion is bounded by the loader. */

void expr_visit(const struct expr *expr, const struct ref_visitor *visitor)
{
    if (expr == NULL) {
        return;
    }
    if (expr->form == EXPR_REF) {
        visitor->ref(visitor->context, &expr->ref);
    }
    for (size_t i = 0; i < expr->count; i++) {
        expr_visit(&expr->items[i], visitor);
    }
}

void cond_visit(const struct cond *cond, const struct ref_visitor *visitor)
{
    if (cond == NULL) {
        return;
    }
    if (cond->form == COND_NAMED && visitor->named != NULL) {
        visitor->named(visitor->context, cond->named);
    }
    if (cond->form == COND_COMPARE || cond->form == COND_COUNT) {
        visitor->ref(visitor->context, &cond->subject);
        expr_visit(cond->operand, visitor);
    }
    for (size_t i = 0; i < cond->count; i++) {
        cond_visit(&cond->items[i], visitor);
    }
}
