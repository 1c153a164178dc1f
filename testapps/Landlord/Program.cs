// Several web apps in one process, as tests of several services have them: WebApplicationFactory starts them side by side, asks each and
// disposes of it, and all over again. `Landlord 3` does so three times.
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Library.Controllers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Parcels;

var rounds = int.Parse(args[0], CultureInfo.InvariantCulture);
var hosts = new List<WeakReference>();
for (var round = 0; round < rounds; round++)
    await Round(hosts);
GC.Collect();
GC.WaitForPendingFinalizers();
GC.Collect();
Console.WriteLine($"{hosts.Count} hosts, {hosts.Count(host => host.IsAlive)} left");

static async Task Round(List<WeakReference> hosts)
{
    var answers = await Task.WhenAll(
        Task.Run(() => Ask<BooksController>("/Books", onNetwork: false)),
        Task.Run(() => Ask<Parcel>("/parcels/1", onNetwork: false)),
        Task.Run(() => Ask<Parcel>("/depot/Delft", onNetwork: true)));
    foreach (var (host, answer) in answers)
    {
        hosts.Add(host);
        Console.WriteLine(answer);
    }
}

[MethodImpl(MethodImplOptions.NoInlining)]
static async Task<(WeakReference Host, string Answer)> Ask<TApp>(string path, bool onNetwork) where TApp : class
{
    await using var factory = new Factory<TApp>();
    if (onNetwork)
        factory.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
    using var client = factory.CreateClient();
    using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
    return (new WeakReference(factory.Services), $"{path} {(int)response.StatusCode} {(await response.Content.ReadAsStringAsync()).Length}");
}

/// <summary>The apps' files are here, not where their projects are.</summary>
sealed class Factory<TApp> : WebApplicationFactory<TApp> where TApp : class
{
    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseContentRoot(AppContext.BaseDirectory);
}
