"""How each kind of subject builds a workload: one module a kind, all behind `pagewalk.build.build`."""
