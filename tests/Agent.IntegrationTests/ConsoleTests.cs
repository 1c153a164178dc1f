using System.Net;

namespace Agent.IntegrationTests;

/// <summary>Processes without ASP.NET Core. How they end: EndsTests.</summary>
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
        await using var app = TestApp.Start("Courier", ["fetch", address], ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()));
        var request = await site.GetContextAsync();
        await request.Response.OutputStream.WriteAsync("twelve bytes"u8.ToArray());
        request.Response.Close();
        var ended = await app.End();

        Assert.AreEqual((7, "fetched 12 characters"), (ended.ExitCode, ended.Output));
        Snapshot.Matches(Viewer.Trace.Group(collector.Spans));
        StringAssert.Matches(request.Request.Headers["traceparent"], new($"{collector.Spans[0].SpanId}-0{(Net11.IsHere ? 3 : 1)}$"), "the context goes out with the request; .NET 11 adds that the trace's id is random");
    }
}
