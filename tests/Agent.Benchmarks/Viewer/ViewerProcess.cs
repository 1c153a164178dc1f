using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Agent.Benchmarks.Viewer;

/// <summary>A viewer, running: ours or the Aspire dashboard. Disposing it ends it whatever state it is in.</summary>
sealed class ViewerProcess : IAsyncDisposable
{
    public const string AspireName = "Aspire dashboard";
    readonly Process _process;

    ViewerProcess(string name, ProcessStartInfo start)
    {
        Name = name;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        Started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }
    public long Started { get; }
    public int Id => _process.Id;
    public Uri Web { get; private init; } = null!;
    public Uri Otlp { get; private init; } = null!;

    /// <summary>Starts ours.</summary>
    /// <param name="dll">Its published file.</param>
    /// <param name="arguments">More of its command line.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ViewerProcess> Ours(string dll, string[] arguments, CancellationToken stop)
    {
        var (web, http, grpc) = (FreePort(), FreePort(), FreePort());
        var viewer = new ViewerProcess("viewer", new ProcessStartInfo(Environment.ProcessPath!,
            [dll, "--port", $"{web}", "--http-port", $"{http}", "--grpc-port", $"{grpc}", .. arguments])) { Web = Local(web), Otlp = Local(http) };
        await viewer.Ready(stop);
        return viewer;
    }

    /// <summary>Starts the Aspire dashboard.</summary>
    public static async Task<ViewerProcess> Aspire(string program, CancellationToken stop)
    {
        var (web, http, grpc) = (FreePort(), FreePort(), FreePort());
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetDirectoryName(program)! };
        foreach (var (name, value) in ((string, string)[])
        [
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{web}"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://127.0.0.1:{grpc}"),
            ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", $"http://127.0.0.1:{http}"), ("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"),
            ("DASHBOARD__TELEMETRYLIMITS__MAXTRACECOUNT", "100000"),
        ])
        {
            start.Environment[name] = value;
        }

        var dashboard = new ViewerProcess(AspireName, start) { Web = Local(web), Otlp = Local(http) };
        await dashboard.Ready(stop);
        return dashboard;
    }

    /// <summary>How long it took from its start to its first page.</summary>
    public TimeSpan ToFirstPage { get; private set; }

    async Task Ready(CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = Web };
        while (Stopwatch.GetElapsedTime(Started) < TimeSpan.FromSeconds(30))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), stop);
                ToFirstPage = Stopwatch.GetElapsedTime(Started);
                return;
            }
            catch (HttpRequestException)
            {
                if (_process.HasExited)
                    throw new BenchmarkException($"{Name} ended with exit code {_process.ExitCode} instead of listening.");
                await Task.Delay(5, stop);
            }
        }

        throw new BenchmarkException($"{Name} does not answer 30 s after its start.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static Uri Local(int port) => new($"http://127.0.0.1:{port}");

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
