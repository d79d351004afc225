# The engine: its pure tables by themselves, and whole runs on the simulated machine.
if(TARGET azmend_engine)
  azmend_unit(engine ROOMS engine
    SOURCES test_condition.c test_decide.c test_step.c test_scope.c test_dataflow.c test_looks.c
            test_engine_approval.c test_engine_blockers.c test_engine_choices.c test_engine_distance.c test_engine_findings.c test_engine_grades.c test_engine_handoff.c test_engine_memory.c test_engine_narrowing.c
            test_engine_passes.c test_engine_rows.c test_engine_trace.c test_past.c)
endif()
