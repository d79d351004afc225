# Playbooks: what must not load and what the author is told, and what a loaded one is.
if(TARGET azmend_plan)
  azmend_unit(plan ROOMS plan
    SOURCES test_plan_refuse.c test_plan_common.c test_plan_conditions.c test_plan_clouds.c test_plan_filters.c test_plan_findings.c test_plan_groups.c test_plan_set.c test_plan_texts.c test_plan_valid.c)
endif()
