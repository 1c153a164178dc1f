// A minimal API that hands work on: to message brokers, to schedulers, to other servers. Each endpoint waits until the work has been done
// elsewhere in this process. `Brokers:RabbitMq`, `Brokers:Kafka` and `Brokers:Mqtt` say where the brokers are.
using Errands;
using Quartz;
using Yarp.ReverseProxy.Configuration;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSignalR();
builder.Services.AddQuartz();
builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "neighbour", ClusterId = "neighbour", Match = new() { Path = "/neighbour/{**rest}" }, Transforms = [new Dictionary<string, string> { ["PathRemovePrefix"] = "/neighbour" }] }],
    [
        new ClusterConfig { ClusterId = "neighbour", Destinations = new Dictionary<string, DestinationConfig> { ["self"] = new() { Address = builder.Configuration["urls"]! } } },
        new ClusterConfig
        {
            ClusterId = "probed", // nobody is sent there, but how it is, is asked
            Destinations = new Dictionary<string, DestinationConfig> { ["self"] = new() { Address = builder.Configuration["urls"]! } },
            HealthCheck = new() { Active = new() { Enabled = true, Interval = TimeSpan.FromMilliseconds(100), Path = "/probe" } },
        },
    ]);

var app = builder.Build();
app.MapGet("/hello", () => "hello");
app.MapReverseProxy();
var probes = new SemaphoreSlim(0);
app.MapGet("/probe", () => probes.Release());
app.MapPost("/probed", async (int times) =>
{
    for (var i = 0; i < times; i++)
        await probes.WaitAsync();
    return "probed";
});
app.MapHub<DoorHub>("/door");
app.MapPost("/rabbitmq/{errand}", (string errand) => RabbitMqErrand.Run(builder.Configuration["Brokers:RabbitMq"]!, errand));
app.MapPost("/kafka/{errand}", (string errand) => KafkaErrand.Run(builder.Configuration["Brokers:Kafka"]!, errand));
app.MapPost("/kafka/fail", () => KafkaErrand.Fail(builder.Configuration["Brokers:Kafka"]!));
if (builder.Configuration["Brokers:Mqtt"] is { } mqttBroker)
{
    var mqtt = new MqttErrand(new Uri(mqttBroker));
    app.MapPost("/mqtt/{errand}", mqtt.Run);
    app.MapPost("/mqtt/refused", mqtt.Refused);
    app.MapPost("/mqtt/leave", mqtt.Leave);
    app.MapPost("/mqtt/gone", mqtt.Gone);
}
app.MapPost("/masstransit/{errand}", MassTransitErrand.Run);
app.MapPost("/quartz/{errand}", QuartzErrand.Run);
app.MapPost("/hangfire/{errand}", HangfireErrand.Run);
app.MapPost("/signalr/{errand}", (string errand, HttpContext context) => SignalRErrand.Run($"{context.Request.Scheme}://{context.Request.Host}/door", errand));
app.Run();
