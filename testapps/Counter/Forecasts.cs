using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Counter;

/// <summary>Asks the app's own API, wherever it listens.</summary>
public sealed class Forecasts(HttpClient client, IServer server)
{
    public async Task<string[]> GetAsync()
    {
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return await client.GetFromJsonAsync<string[]>(new Uri(new Uri(address), "/api/forecasts")) ?? [];
    }
}
