using System.Diagnostics;
using System.Net;

namespace Agent.IntegrationTests;

/// <summary>Processes without ASP.NET Core: traced, and ended as they would end by themselves.</summary>
[TestClass]
public sealed class ConsoleTests
{
    [TestMethod]
    public async Task Client_and_database_spans()
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        using var site = new HttpListener();
        var address = $"http://127.0.0.1:{TestApp.FreePort()}/";
        site.Prefixes.Add(address);
        site.Start();
        await using var app = TestApp.Start("Courier", ["fetch", address], WithAgent(collector));
        var request = await site.GetContextAsync();
        await request.Response.OutputStream.WriteAsync("twelve bytes"u8.ToArray());
        request.Response.Close();
        var ended = await app.End();

        Assert.AreEqual((7, "fetched 12 characters"), (ended.ExitCode, ended.Output));
        Snapshot.Matches(Viewer.Trace.Group(collector.Spans));
        StringAssert.EndsWith(request.Request.Headers["traceparent"], $"{collector.Spans[0].SpanId}-01", "the context goes out with the request");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("fail")]
    public async Task Output_and_exit_code_are_the_apps(string mode)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var without = TestApp.Start("Courier", [mode]);
        await using var with = TestApp.Start("Courier", [mode], WithAgent(collector));
        var (expected, actual) = (await without.End(), await with.End());
        Assert.AreEqual((expected.ExitCode, expected.Output), (actual.ExitCode, actual.Output));
        Assert.AreEqual(mode == "fail" ? 134 : 7, actual.ExitCode);
        Assert.AreEqual($"Agent 0.1.0: tracing Courier (Production), traces go to {collector.HttpEndpoint}v1/traces (http/protobuf).\n{expected.Error}", actual.Error);
    }

    [TestMethod]
    [DataRow("TERM", 143)]
    [DataRow("INT", 130)]
    [DataRow("KILL", 137)]
    public async Task Signals_end_it_as_without_the_agent(string signal, int exitCode)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = TestApp.Start("Courier", ["wait"], WithAgent(collector));
        await app.FirstLine;
        await app.Signal(signal);
        var ended = await app.End();
        Assert.AreEqual((exitCode, "waiting"), (ended.ExitCode, ended.Output));
    }

    static (string, string?)[] WithAgent(Viewer.OtlpReceiver collector) =>
        [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString())];
}
