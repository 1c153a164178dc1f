using System.Text;
using Agent.Viewer;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// Apps that send telemetry of their own. What the README tells works for them, and moves nothing that they send; where the agent's spans go another way, or
/// nowhere, is said.
/// </summary>
[TestClass]
public sealed class LighthouseTests
{
    const string Request = "GET /ships/{name}, endpoint /ships/{name}";

    /// <summary>The app looks whether OTEL_EXPORTER_OTLP_ENDPOINT is set, sees that it is not, and leaves the traces to the agent.</summary>
    [TestMethod]
    public async Task Service_defaults_with_the_variable_for_traces()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"));
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)"), lines);
        Sees(collector, "Lighthouse");
    }

    /// <summary>With the variable for all signals it sends by itself, in its own default protocol; its collector is asked in that one.</summary>
    [TestMethod]
    public async Task Service_defaults_with_the_variable_for_all_signals()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.GrpcEndpoint}"));
        Assert.AreEqual(Started($"{collector.GrpcEndpoint}v1/traces (http/protobuf)") + Joined, lines);
        Sees(collector, "Lighthouse");
    }

    /// <summary>As an AppHost starts it: the app names its service, and is told where its telemetry goes.</summary>
    [TestMethod]
    public async Task Service_defaults_under_an_AppHost()
    {
        await using var dashboard = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        (string, string?)[] fromAppHost = [("OTEL_EXPORTER_OTLP_ENDPOINT", $"{dashboard.GrpcEndpoint}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_SERVICE_NAME", "light")];
        var lines = await Run(["--Defaults=true"], fromAppHost);
        Assert.AreEqual(Started($"{dashboard.GrpcEndpoint} (grpc)") + Joined, lines);
        Sees(dashboard, "light");

        // With the README's variables in the shell that has started the AppHost, traces go there.
        lines = await Run(["--Defaults=true"], [.. fromAppHost, ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf")]);
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)") + Joined, lines);
        Sees(collector, "light");
    }

    /// <summary>What the app takes over from the agent and cannot send is not lost in silence.</summary>
    [TestMethod]
    public async Task A_hand_over_to_what_cannot_send()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.HttpEndpoint}"));
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)") + Joined
            + $"Agent 0.1.0: the app's OpenTelemetry cannot send spans (grpc to {collector.HttpEndpoint.GetLeftPart(UriPartial.Authority)}), and the agent's are among them. With AGENT_APP_SDK=separate the agent sends its own.\n", lines);

        lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.HttpEndpoint}"), ("AGENT_APP_SDK", "separate"));
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)")
            + "Agent 0.1.0: the app has an OpenTelemetry of its own (1.20.1): both send their spans (AGENT_APP_SDK=separate).\n", lines);
        Sees(collector, "Lighthouse");
    }

    [TestMethod]
    public async Task An_address_without_its_path()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var address = collector.HttpEndpoint.ToString().TrimEnd('/');
        var lines = await Run([], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", address));
        Assert.AreEqual(Started($"{address} (http/protobuf)") + "Agent 0.1.0: spans cannot be sent (otlp): HTTP status 404 Not Found; OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it is, "
            + "and does not end in /v1/traces. They are dropped until they can be; the app goes on.\n", lines);
    }

    /// <summary>Serilog's sink prefers OTEL_EXPORTER_OTLP_ENDPOINT to what the code says; the variable for traces moves no log.</summary>
    [TestMethod]
    public async Task Logs_go_where_the_app_sends_them()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var logs = RequestCollector.Start();
        await Run([$"--Otlp={logs.Address}"], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"));
        Assert.AreEqual("/v1/logs", logs.Requests.Single().Path);
        StringAssert.Contains(Encoding.UTF8.GetString(logs.Requests.Single().Body), "has passed");
    }

    const string Joined = "Agent 0.1.0: the app has an OpenTelemetry of its own (1.20.1): from now on the agent's spans go where it sends them (AGENT_APP_SDK=join).\n";

    static string Started(string place) => $"Agent 0.1.0: tracing Lighthouse (Production), traces go to {place}.\n";

    static void Sees(OtlpReceiver collector, string service)
    {
        var trace = Viewer.Trace.Group(collector.Spans).Single();
        Assert.AreEqual(Request, string.Join(", ", trace.Nodes.Select(node => node.Span.Name)));
        Assert.AreEqual<object?>(service, trace.Nodes.Select(node => node.Span.Resource["service.name"]).Distinct().Single());
    }

    /// <summary>Starts the app, sees a ship pass, stops it.</summary>
    /// <returns>What the agent has said.</returns>
    static async Task<string> Run(string[] args, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Lighthouse", ["--urls", "http://127.0.0.1:0", .. args], [("DOTNET_STARTUP_HOOKS", Places.Hook), .. environment]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        Assert.AreEqual("vega has passed", await client.GetStringAsync(new Uri("/ships/vega", UriKind.Relative)));
        var ended = await app.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        return ended.Error;
    }
}
