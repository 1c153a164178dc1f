// A worker without ASP.NET Core: `Nightshift SERVICE …` hosts these services, of every kind there is, lets them work one after the other when all
// of them have started, and stops. With `together` they start and stop at the same time; with `fall asleep` the host is not stopped but disposed.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Nightshift;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddSingleton<Shift>();
foreach (var service in args)
{
    switch (service)
    {
        case "lamps": builder.Services.AddHostedService<Lamps>(); break;
        case "sweeper": builder.Services.AddHostedService<Sweeper>(); break;
        case "baker": builder.Services.AddHostedService<Baker>(); break;
        case "gates": builder.Services.AddHostedService<Gates<Lamps>>(); break;
        case "more gates": builder.Services.AddHostedService<Gates<Baker>>(); break;
        case "wrapped sweeper": builder.Services.AddSingleton<IHostedService>(services => new Wrapper(new Sweeper(services.GetRequiredService<Shift>()))); break;
        case "burglar": builder.Services.AddHostedService<Burglar>(); break;
        case "sleeper": builder.Services.AddHostedService<Sleeper>(); break;
        case "grump": builder.Services.AddHostedService<Grump>(); break;
        case "together": builder.Services.Configure<HostOptions>(options => options.ServicesStartConcurrently = options.ServicesStopConcurrently = true); break;
    }
}
using var host = builder.Build();
var shift = host.Services.GetRequiredService<Shift>();
await host.StartAsync();
await shift.Run();
if (args.Contains("burglar"))
    await host.WaitForShutdownAsync();
else if (!args.Contains("fall asleep"))
    await host.StopAsync();
Console.WriteLine("closed");
