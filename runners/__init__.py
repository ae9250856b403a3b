"""WHERE it is measured: adapters of the core's Runner and CounterSource protocols."""
