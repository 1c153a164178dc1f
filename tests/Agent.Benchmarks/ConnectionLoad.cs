using System.Diagnostics;

namespace Agent.Benchmarks;

/// <summary>Load of this program's own, for what wrk does not speak.</summary>
/// <param name="request">What is asked for.</param>
/// <param name="connect">Opens a connection.</param>
/// <param name="connectionRequests">How many server spans without a parent a connection makes by itself.</param>
sealed class ConnectionLoad(string request, Func<Uri, Task<IConnection>> connect, int connectionRequests) : Load(request)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public override int ConnectionRequests => connectionRequests;

    public override async Task<long> Once(Uri app, CancellationToken stop)
    {
        using var connection = await Open(app, stop);
        await Answered(connection.Ask(), Patience, stop);
        var answered = Stopwatch.GetTimestamp();
        await Answered(connection.Close(), Patience, stop);
        return answered;
    }

    public override async Task<Connections> Connect(Uri app, int count, Cores cores, CancellationToken stop)
    {
        var connections = new OpenConnections();
        try
        {
            for (var i = 0; i < count; i++)
                connections.Add(await Open(app, stop));
            return connections;
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    async Task<IConnection> Open(Uri app, CancellationToken stop)
    {
        var connecting = connect(app);
        await Answered(connecting, Patience, stop);
        return await connecting;
    }

    static async Task Answered(Task asking, TimeSpan atMost, CancellationToken stop)
    {
        try
        {
            await asking.WaitAsync(atMost, stop);
        }
        catch (TimeoutException)
        {
            throw new LoadException($"It did not answer every request within {Patience.TotalSeconds:0} s");
        }
    }

    sealed class OpenConnections : Connections
    {
        readonly List<IConnection> _connections = [];

        public void Add(IConnection connection) => _connections.Add(connection);

        public override async Task<LoadResult> Run(int seconds, CancellationToken stop)
        {
            var (started, end) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(seconds));
            var asking = Task.WhenAll(_connections.Select(connection => Ask(connection, started, end)));
            await Answered(asking, end + Patience, stop);
            var elapsed = Stopwatch.GetElapsedTime(started);
            var latencies = (await asking).SelectMany(some => some).Order().ToArray();
            return new LoadResult(latencies.Length, latencies.Length / elapsed.TotalSeconds, At(0.5), At(0.99));

            double At(double part) => latencies[(int)(part * (latencies.Length - 1))].TotalMilliseconds;
        }

        static async Task<List<TimeSpan>> Ask(IConnection connection, long started, TimeSpan end)
        {
            var latencies = new List<TimeSpan>();
            for (var asked = TimeSpan.Zero; asked < end;)
            {
                await connection.Ask();
                var answered = Stopwatch.GetElapsedTime(started);
                latencies.Add(answered - asked);
                asked = answered;
            }
            return latencies;
        }

        public override Task Close(CancellationToken stop) => Answered(Task.WhenAll(_connections.Select(connection => connection.Close())), Patience, stop);

        public override void Dispose() => _connections.ForEach(connection => connection.Dispose());
    }
}

/// <summary>A connection to an app. Disposing it ends it whatever state it is in.</summary>
interface IConnection : IDisposable
{
    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="LoadException">It is not the right one.</exception>
    Task Ask();

    /// <summary>Ends it in good order.</summary>
    Task Close();
}
