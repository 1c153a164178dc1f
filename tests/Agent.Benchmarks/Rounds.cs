using System.Diagnostics;

namespace Agent.Benchmarks;

/// <summary>
/// The measuring itself. The configurations take turns, and another one comes first each time, so that a drift of the host hits all alike:
/// starts one after the other; under load all apps are up, one gets <see cref="Slice"/> of requests while the others sleep, then the next.
/// </summary>
sealed class Rounds(Options options, Cores cores, TraceSink sink, Results results, CancellationToken stop)
{
    // In seconds. Shorter is fairer, but what is under way at a slice's end is worked for and not counted.
    const int Slice = 2;

    // Exporters send every 5 s unless told otherwise.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // By then the first spans have been sent. In all configurations, because an app grows by itself: the Storefront by 2 MB in its fifth second.
    static readonly TimeSpan IdleAge = TimeSpan.FromSeconds(8);

    /// <summary>Start, one request, stop; on all cores and with nothing else going on, as a user starts it.</summary>
    public async Task Start()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var response = await client.GetAsync(sink.Address, stop);
        // Start 0 does not count: files are not yet in memory, and this program's own code is cold.
        for (var round = 0; round <= options.Startups && options.Startups > 0; round++)
        {
            foreach (var configuration in Turns(round))
            {
                await using var app = await Launch(configuration, cores.All);
                await Stop(app);
                if (round == 0)
                    continue;
                results.Add(configuration, Measure.Listening, app.ToListening.TotalMilliseconds);
                results.Add(configuration, Measure.FirstResponse, app.ToFirstResponse.TotalMilliseconds);
                Console.WriteLine($"start {round}/{options.Startups} {configuration.Name}: listening after {app.ToListening.TotalMilliseconds:0} ms, first response after {app.ToFirstResponse.TotalMilliseconds:0} ms");
            }
        }
    }

    /// <summary>Everything that takes a running app.</summary>
    public async Task Load()
    {
        if (options.Rounds > 0)
            await cores.MoveHere(stop);
        for (var round = 0; round < options.Rounds; round++)
        {
            var apps = new List<AppProcess>();
            try
            {
                foreach (var configuration in Turns(round))
                {
                    apps.Add(await Launch(configuration, cores.ForApp));
                    await Idle(apps[^1]);
                }
                await Load(apps, $"round {round + 1}/{options.Rounds}");
            }
            finally
            {
                foreach (var app in apps)
                    await app.DisposeAsync();
            }
        }
    }

    async Task Idle(AppProcess app)
    {
        results.Add(app.Configuration, Measure.FirstResponseOneCore, app.ToFirstResponse.TotalMilliseconds);
        var responded = Stopwatch.GetTimestamp();
        while (app.Configuration.SendsSpans && sink.Count(app.Configuration).Spans == 0) // what sending takes is part of what an idle app holds
        {
            if (Stopwatch.GetElapsedTime(responded) > Patience)
                throw app.Failure($"has sent no span {Patience.TotalSeconds:0} s after its first response");
            await Task.Delay(50, stop);
        }
        if (IdleAge - Stopwatch.GetElapsedTime(responded) is { Ticks: > 0 } rest)
            await Task.Delay(rest, stop);
        await app.Settle(stop);
        results.Add(app.Configuration, Measure.MemoryIdle, ProcFiles.Memory(app.Id));
    }

    async Task Load(List<AppProcess> apps, string round)
    {
        var loads = new List<AppLoad>();
        foreach (var app in apps)
        {
            Console.WriteLine($"{round} {app.Configuration.Name}: {results.Values(app.Configuration, Measure.MemoryIdle)[^1]:0.0} MB idle; warming up");
            loads.Add(new AppLoad(app, options.Load, cores));
            await loads[^1].WarmUp(options.Connections, options.WarmUp, stop);
        }
        for (var (turn, left) = (0, options.Duration); left > 0; turn++, left -= Slice)
        {
            foreach (var load in Turns(loads, turn))
                await load.Run(options.Connections, Math.Min(Slice, left), stop);
        }
        foreach (var load in loads)
        {
            await Stop(load.App);
            Console.WriteLine($"{round} {load.App.Configuration.Name}: {load.Report(results, sink.Count(load.App.Configuration))}");
        }
    }

    IEnumerable<Configuration> Turns(int turn) => Turns(options.Configurations, turn);

    static IEnumerable<T> Turns<T>(IReadOnlyList<T> all, int turn) => all.Select((_, index) => all[(index + turn) % all.Count]);

    Task<AppProcess> Launch(Configuration configuration, Func<string[], ProcessStartInfo> where)
    {
        sink.Forget(configuration);
        return AppProcess.Start(configuration, options.App, where, sink.AddressFor(configuration), options.Load, stop);
    }

    /// <summary>Ends the app in good order, and sees to it that it has done what its configuration's name says.</summary>
    async Task Stop(AppProcess app)
    {
        await app.Stop(stop);
        var (configuration, spans) = (app.Configuration, sink.Count(app.Configuration).Spans);
        results.AddComplaints(configuration, app.Complaints);
        if (configuration.SendsSpans != spans > 0)
            throw app.Failure($"has sent {spans} spans; it should have sent {(configuration.SendsSpans ? "some" : "none")}");
        if (configuration.HasAgent && !app.Complaints.Any(line => line.StartsWith("Agent ", StringComparison.Ordinal)))
            throw app.Failure("ran without the agent: the agent's line at start is missing on stderr");
    }
}
