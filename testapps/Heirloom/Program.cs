// An app of the days before endpoint routing that was only ever moved to the next framework: WebHostBuilder, a Startup class, UseMvc with conventional
// routes, attribute routes and a Razor page, a router of its own beside it, and an error page for what fails or is not found.
using Heirloom;
using Microsoft.AspNetCore;

using var host = WebHost.CreateDefaultBuilder(args)
    .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.None))
    .UseStartup<Startup>()
    .Build();
await host.StartAsync();
Console.WriteLine($"Now listening on: {host.ServerFeatures.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First()}");
await host.WaitForShutdownAsync();
