using System.Diagnostics;

namespace Agent.Benchmarks;

/// <summary>The load on one running app during a round, and what became of it.</summary>
sealed class AppLoad(AppProcess app, Load load, Cores cores)
{
    readonly List<LoadResult> _many = [];
    readonly List<LoadResult> _one = [];
    long _asked = 1 + load.ConnectionRequests; // the first request
    TimeSpan _cpu, _busy, _elapsed;
    double _memory;

    public AppProcess App => app;

    public async Task WarmUp(int connections, int seconds, CancellationToken stop)
    {
        if (seconds > 0)
            await Ask(connections, seconds, isCounted: false, stop);
        await app.Settle(stop);
    }

    /// <summary>
    /// A slice with many connections, for throughput and CPU, and one with a single connection, for latency. Then rest: the runtime compiles
    /// hot methods when the load ends, which would be in the next app's way.
    /// </summary>
    public async Task Run(int connections, int seconds, CancellationToken stop)
    {
        _many.Add(await Ask(connections, seconds, isCounted: true, stop));
        _one.Add(await Ask(1, seconds, isCounted: false, stop));
        await app.Settle(stop);
    }

    /// <summary>To be called when the app has ended and all its spans are sent.</summary>
    public string Report(Results results, OtlpCount sent)
    {
        var rate = Spread.Of(_many.Select(run => run.PerSecond)).Median;
        var cpuPerRequest = _cpu.TotalMicroseconds / _many.Sum(run => run.Requests);
        var (p50, p99) = (Spread.Of(_one.Select(run => run.P50)).Median, Spread.Of(_one.Select(run => run.P99)).Median);
        Add(Measure.MemoryLoaded, _memory);
        Add(Measure.RequestsPerSecond, rate);
        Add(Measure.CpuPerRequest, cpuPerRequest);
        Add(Measure.P50, p50);
        Add(Measure.P99, p99);
        Add(Measure.CoreUsed, _cpu / _elapsed);
        if (cores.ArePinned)
            Add(Measure.CoreTaken, Math.Max(0, (_busy - _cpu) / _elapsed));
        if (sent.Requests > 0)
        {
            Add(Measure.SpansPerRequest, (double)sent.Spans / sent.Requests);
            Add(Measure.BytesPerSpan, (double)sent.Bytes / sent.Spans);
            Add(Measure.BytesPerRequest, (double)sent.Bytes / sent.Requests);
            Add(Measure.Delivered, Math.Min(1, (double)sent.Requests / _asked)); // wrk does not count answers it no longer waits for
        }
        return $"{rate:#,0} req/s, {cpuPerRequest:0} µs CPU per request, p50 {p50:0.000} ms, p99 {p99:0.000} ms, {_memory:0.0} MB";

        void Add(Measure measure, double value) => results.Add(app.Configuration, measure, value);
    }

    /// <param name="isCounted">Whether it is what throughput and CPU are taken from. Opening and closing connections never is.</param>
    Task<LoadResult> Ask(int count, int seconds, bool isCounted, CancellationToken stop) => app.Answered(async () =>
    {
        using var connections = await load.Connect(app.Address, count, cores, stop);
        var (cpu, busy, started) = (ProcFiles.Cpu(app.Id), ProcFiles.Busy(cores.OfApp), Stopwatch.GetTimestamp());
        var result = await connections.Run(seconds, stop);
        if (isCounted)
        {
            _elapsed += Stopwatch.GetElapsedTime(started);
            _cpu += ProcFiles.Cpu(app.Id) - cpu;
            _busy += ProcFiles.Busy(cores.OfApp) - busy;
            _memory = ProcFiles.Memory(app.Id);
        }
        await connections.Close(stop);
        _asked += result.Requests + count * load.ConnectionRequests;
        return result;
    });
}
