package main

import (
	"math"
	"runtime/metrics"
)

// What Go 1.20 and all since know by these names (package runtime/metrics).
const (
	cycles  = "/gc/cycles/total:gc-cycles"
	pauses  = "/gc/pauses:seconds"
	assists = "/cpu/classes/gc/mark/assist:cpu-seconds"
	total   = "/cpu/classes/gc/total:cpu-seconds"
)

// collectorFacts returns what the collector says of itself since the process began.
func collectorFacts() map[string]any {
	samples := []metrics.Sample{{Name: cycles}, {Name: pauses}, {Name: assists}, {Name: total}}
	metrics.Read(samples)
	found := map[string]any{}
	for _, sample := range samples {
		switch sample.Value.Kind() {
		case metrics.KindUint64:
			found["collections"] = sample.Value.Uint64()
		case metrics.KindFloat64:
			found[map[string]string{assists: "assist_seconds", total: "collector_seconds"}[sample.Name]] = sample.Value.Float64()
		case metrics.KindFloat64Histogram:
			addPauses(found, sample.Value.Float64Histogram())
		}
	}
	return found
}

func addPauses(found map[string]any, histogram *metrics.Float64Histogram) {
	found["pauses"] = count(histogram)
	for name, share := range map[string]float64{"pause_p50_seconds": 0.5, "pause_p95_seconds": 0.95, "pause_max_seconds": 1} {
		if seconds, known := quantile(histogram, share); known {
			found[name] = seconds
		}
	}
}

func count(histogram *metrics.Float64Histogram) (all uint64) {
	for _, n := range histogram.Counts {
		all += n
	}
	return all
}

// quantile returns the upper bound of the bucket in which the share of all values is reached; false where it has none.
func quantile(histogram *metrics.Float64Histogram, share float64) (float64, bool) {
	wanted := share * float64(count(histogram))
	var seen float64
	for i, n := range histogram.Counts {
		if seen += float64(n); n > 0 && seen >= wanted {
			bound := histogram.Buckets[i+1]
			return bound, !math.IsInf(bound, 0)
		}
	}
	return 0, false
}
