using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Agent.Benchmarks;

/// <summary>An app, running. Disposing it ends it whatever state it is in.</summary>
sealed class AppProcess : IAsyncDisposable
{
    const string Listening = "Now listening on: ";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly List<string> _complaints = [];
    readonly TaskCompletionSource<(Uri Address, TimeSpan After)> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly long _started;
    readonly string _name;

    AppProcess(Configuration configuration, string? name, ProcessStartInfo start)
    {
        (Configuration, _name) = (configuration, configuration.AppName(name));
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Configuration Configuration { get; }
    public int Id => _process.Id;
    public Uri Address { get; private set; } = null!;
    public TimeSpan ToListening { get; private set; }
    public TimeSpan ToFirstResponse { get; private set; }

    /// <summary>What it wrote to stderr, and its log's failures; no line twice.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
                return [.. _complaints];
        }
    }

    /// <summary>Starts the app and asks it once.</summary>
    /// <param name="name">Another app than the configuration's own; null for that.</param>
    /// <param name="command">Where to run the command that it is given.</param>
    public static async Task<AppProcess> Start(Configuration configuration, string? name, Func<string[], ProcessStartInfo> command, Uri collector, Load load, CancellationToken stop)
    {
        var start = command([Environment.ProcessPath!, configuration.Dll(name), "--urls", "http://127.0.0.1:0"]);
        configuration.Apply(start.Environment, collector);
        var app = new AppProcess(configuration, name, start);
        try
        {
            await app.Ask(load, stop);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    async Task Ask(Load load, CancellationToken stop)
    {
        var ended = _process.WaitForExitAsync(CancellationToken.None);
        if (await Task.WhenAny(_listening.Task, ended, Task.Delay(Patience, stop)) is var first && first == ended)
            throw Failure($"ended with exit code {_process.ExitCode} instead of listening");
        stop.ThrowIfCancellationRequested();
        if (first != _listening.Task)
            throw Failure($"does not listen {Patience.TotalSeconds:0} s after its start");
        (Address, ToListening) = await _listening.Task;
        ToFirstResponse = Stopwatch.GetElapsedTime(_started, await Answered(() => load.Once(Address, stop)));
    }

    /// <summary>Does what needs the app's answers. Without the right ones it cannot be measured.</summary>
    public async Task<T> Answered<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is LoadException or HttpRequestException or IOException or SocketException or WebSocketException)
        {
            throw Failure($"cannot be measured. {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Waits until it does nothing any more: hardly any CPU in two half seconds on end (in one, the host may just not have let it).</summary>
    public async Task Settle(CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        for (var quiet = 0; quiet < 2 && Stopwatch.GetElapsedTime(started) < Patience;)
        {
            var before = ProcFiles.Cpu(Id);
            await Task.Delay(500, stop);
            quiet = ProcFiles.Cpu(Id) - before > TimeSpan.FromMilliseconds(10) ? 0 : quiet + 1;
        }
    }

    /// <summary>Asks it to end, as `docker stop` does; it must do so with exit code 0.</summary>
    public async Task Stop(CancellationToken stop)
    {
        await Programs.Output(new ProcessStartInfo("kill", ["-TERM", $"{Id}"]), stop);
        try
        {
            await _process.WaitForExitAsync(stop).WaitAsync(Patience, stop);
        }
        catch (TimeoutException)
        {
            throw Failure($"still runs {Patience.TotalSeconds:0} s after SIGTERM");
        }
        if (_process.ExitCode != 0)
            throw Failure($"ended with exit code {_process.ExitCode} after SIGTERM");
    }

    /// <summary>An error with all the app has to say about it.</summary>
    public BenchmarkException Failure(string what) => new($"{Configuration.Name}: {_name} {what}.\n{string.Join('\n', Complaints)}".TrimEnd());

    void OnOutput(string? line)
    {
        if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            _listening.TrySetResult((new Uri(line[(at + Listening.Length)..]), Stopwatch.GetElapsedTime(_started)));
        else if (line?.StartsWith("fail:", StringComparison.Ordinal) == true || line?.StartsWith("crit:", StringComparison.Ordinal) == true)
            Note(line);
    }

    void Note(string? line)
    {
        lock (_complaints)
        {
            if (!string.IsNullOrWhiteSpace(line) && _complaints.Count < 20 && !_complaints.Contains(line))
                _complaints.Add(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
