using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests;

/// <summary>The Aspire dashboard as its package has it, as the place where spans go.</summary>
[TestClass]
public sealed class AspireDashboardTests(TestContext context)
{
    [TestMethod]
    [DataRow("http/protobuf", null)]
    [DataRow("grpc", null)]
    [DataRow("grpc", "gzip")]
    [Timeout(90_000, CooperativeCancellation = true)]
    public async Task It_shows_what_the_agent_sends(string protocol, string? compression)
    {
        using var dashboard = await StartAsync();

        var (app, error) = await RunAsync(dashboard, protocol, compression);

        Assert.DoesNotContain("\n", error.TrimEnd(), "one line, at the start");
        using var traces = JsonDocument.Parse(await dashboard.AskAsync("/api/telemetry/traces"));
        var names = from process in traces.RootElement.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
                    from scope in process.GetProperty("scopeSpans").EnumerateArray()
                    from span in scope.GetProperty("spans").EnumerateArray()
                    select span.GetProperty("name").GetString();
        CollectionAssert.IsSubsetOf((string[])["GET /papers/{name}", "middleware Program.cs:9", "endpoint /papers/{name}"], names.ToArray(), string.Join(", ", names));
        Assert.AreEqual(3, app);
    }

    /// <summary>It cannot unpack over HTTP (13.6.5): the app must know where its spans went.</summary>
    [TestMethod]
    [Timeout(90_000, CooperativeCancellation = true)]
    public async Task Its_refusal_of_gzip_over_http_is_said()
    {
        using var dashboard = await StartAsync();

        var (app, error) = await RunAsync(dashboard, "http/protobuf", "gzip");

        Assert.AreEqual(3, app);
        Assert.AreEqual("Agent 0.1.0: spans cannot be sent (otlp): HTTP status 500 Internal Server Error. They are dropped until they can be; the app goes on.", error.TrimEnd().Split('\n')[1]);
    }

    static async Task<(int ExitCode, string Error)> RunAsync(Dashboard dashboard, string protocol, string? compression)
    {
        await using var app = TestApp.Start("Kiosk", ["--urls", "http://127.0.0.1:0"],
            ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocol), ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", compression), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", protocol == "grpc" ? $"{dashboard.Grpc}" : $"{dashboard.Http}v1/traces"));
        using (var client = new HttpClient { BaseAddress = await app.Listening })
            await client.GetStringAsync(new Uri("/papers/Echo", UriKind.Relative));
        var ended = await app.Stop();
        return (ended.ExitCode, ended.Error);
    }

    async Task<Dashboard> StartAsync()
    {
        var program = Path.Combine(Places.Artifacts, "aspire", "Aspire.Dashboard");
        if (!File.Exists(program))
            Assert.Inconclusive("The Aspire dashboard could not be had (build/AspireDashboard.csproj).");
        return await Dashboard.StartAsync(program, context.CancellationToken);
    }

    sealed class Dashboard(Process process, Uri web, Uri http, Uri grpc, CancellationToken stop) : IDisposable
    {
        readonly HttpClient _client = new() { BaseAddress = web };

        public Uri Http { get; } = http;

        public Uri Grpc { get; } = grpc;

        public static async Task<Dashboard> StartAsync(string program, CancellationToken stop)
        {
            var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetDirectoryName(program)!, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var name in (string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"])
                start.Environment[name] = "http://127.0.0.1:0";
            start.Environment["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";
            var process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var found = new Dictionary<string, Uri>();
            while (found.Count < 3 && await process.StandardOutput.ReadLineAsync(stop) is { } line)
            {
                if (Regex.Match(line, @"(Dashboard|OTLP/gRPC|OTLP/HTTP):\s+(http://127\.0\.0\.1:\d+)") is { Success: true } match)
                    found[match.Groups[1].Value] = new Uri(match.Groups[2].Value);
            }

            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new(process, found["Dashboard"], found["OTLP/HTTP"], found["OTLP/gRPC"], stop);
        }

        public Task<string> AskAsync(string path) => _client.GetStringAsync(new Uri(path, UriKind.Relative), stop);

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _client.Dispose();
        }
    }
}
