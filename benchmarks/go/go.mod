module pagewalk.dev/workloads

go 1.20
