using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>Work that is handed on: to message brokers, schedulers and other servers. It belongs to the trace of the request that has handed it on, or is linked to it.</summary>
[TestClass]
public sealed class ErrandsTests
{
    [TestMethod]
    public async Task RabbitMq()
    {
        await using var broker = await RabbitMqBroker.Start();
        Snapshot.Matches(await Run("/rabbitmq/bread", "bread is done, traced", $"--Brokers:RabbitMq={broker.Address}"));
    }

    [TestMethod]
    public async Task Kafka()
    {
        using var broker = new KafkaBroker();
        Snapshot.Matches(await Run("/kafka/bread", "bread is done, traced", $"--Brokers:Kafka={broker.Address}"));
    }

    [TestMethod]
    public async Task Kafka_refuses_a_message()
    {
        using var broker = new KafkaBroker();
        Snapshot.Matches(await Run("/kafka/fail", "MsgSizeTooLarge", $"--Brokers:Kafka={broker.Address}"));
    }

    /// <summary>Only MQTT 5 has a place for contexts; of the older version each message received is a trace of its own.</summary>
    [TestMethod]
    [DataRow("V500", "with 1 of its own")]
    [DataRow("V311", "with 0 of its own")]
    public async Task Mqtt(string version, string own)
    {
        await using var broker = await Servers.StartMosquitto(TestApp.FreePort());
        broker.MustBeThere();
        Snapshot.Matches(await Run([($"/mqtt/bread?version={version}&quality=AtMostOnce", $"bread is done, traced, {own}"), ($"/mqtt/hopeless?version={version}&quality=AtLeastOnce", $"hopeless is done, traced, {own}")],
            $"--Brokers:Mqtt=mqtt://127.0.0.1:{broker.Port}"), test: $"{nameof(Mqtt)}{version}");
    }

    [TestMethod]
    public async Task Mqtt_over_WebSockets()
    {
        var port = TestApp.FreePort();
        await using var broker = await Servers.StartMosquitto(port);
        broker.MustBeThere();
        Snapshot.Matches(await Run("/mqtt/bread?version=V500&quality=ExactlyOnce", "bread is done, traced, with 1 of its own", $"--Brokers:Mqtt=ws://127.0.0.1:{port}/mqtt"));
    }

    /// <summary>First the broker says no, then it is gone.</summary>
    [TestMethod]
    public async Task Mqtt_that_fails()
    {
        await using var broker = await Servers.StartMosquitto(TestApp.FreePort());
        broker.MustBeThere();
        Snapshot.Matches(await Run([("/mqtt/refused", "NotAuthorized"), ("/mqtt/leave", "left"), ("/mqtt/gone", "not connected")], async path =>
        {
            if (path == "/mqtt/gone")
                await broker.End();
        }, $"--Brokers:Mqtt=mqtt://127.0.0.1:{broker.Port}"));
    }

    [TestMethod]
    public async Task MassTransit() => Snapshot.Matches(await Run("/masstransit/bread", "bread is done, traced"));

    [TestMethod]
    public async Task Quartz() => Snapshot.Matches(await Run("/quartz/bread", "bread is done, traced"));

    /// <summary>What the app has thrown, and not what the library puts around it.</summary>
    [TestMethod]
    public async Task Quartz_job_that_fails() => Snapshot.Matches(await Run("/quartz/hopeless", "hopeless is done, traced"));

    [TestMethod]
    public async Task Hangfire() => Snapshot.Matches(await Run("/hangfire/bread", "bread is done, traced"));

    [TestMethod]
    public async Task Hangfire_job_that_fails() => Snapshot.Matches(await Run("/hangfire/hopeless", "hopeless is done, traced"));

    [TestMethod]
    [TestCategory("Dispatch")]
    public async Task SignalR_client() => Snapshot.Matches(await Run("/signalr/bread", "bread is done, traced"));

    [TestMethod]
    public async Task Yarp() => Snapshot.Matches(await Run("/neighbour/hello", "hello"));

    /// <summary>How destinations are is asked all the time, and no trace, neither here nor there.</summary>
    [TestMethod]
    public async Task Yarp_with_health_checks() => Snapshot.Matches(await Run("/probed?times=5", "probed"));

    static Task<IReadOnlyList<Trace>> Run(string path, string expected, params string[] args) => Run([(path, expected)], args);

    static Task<IReadOnlyList<Trace>> Run((string Path, string Expected)[] requests, params string[] args) => Run(requests, static _ => Task.CompletedTask, args);

    static async Task<IReadOnlyList<Trace>> Run((string Path, string Expected)[] requests, Func<string, Task> before, params string[] args)
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = TestApp.Start("Errands", ["--urls", $"http://127.0.0.1:{TestApp.FreePort()}", .. args], ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()));
        using var client = new HttpClient { BaseAddress = await app.Listening };
        foreach (var (path, expected) in requests)
        {
            await before(path);
            using var response = await (path.StartsWith("/neighbour", StringComparison.Ordinal) ? client.GetAsync(new Uri(path, UriKind.Relative)) : client.PostAsync(new Uri(path, UriKind.Relative), null));
            Assert.AreEqual(expected, await response.Content.ReadAsStringAsync());
        }
        var ended = await app.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        return Trace.Group(collector.Spans);
    }
}
