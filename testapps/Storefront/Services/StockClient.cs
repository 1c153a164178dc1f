using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Storefront.Data;

namespace Storefront.Services;

/// <summary>
/// Asks the stock service how many of a product are left. Unless Stock:BaseAddress says otherwise,
/// that service is this very app.
/// </summary>
public class StockClient(HttpClient http, IServer server, IConfiguration configuration)
{
    /// <summary>The number in stock, or null for a product the stock service does not know.</summary>
    public async Task<int?> GetQuantityAsync(string sku)
    {
        using var response = await http.GetAsync(new Uri(GetBaseAddress(), $"/api/stock/{Uri.EscapeDataString(sku)}"));
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;

        response.EnsureSuccessStatusCode();
        var item = await response.Content.ReadFromJsonAsync<StockItem>();
        return item?.Quantity;
    }

    private Uri GetBaseAddress()
    {
        if (configuration["Stock:BaseAddress"] is { Length: > 0 } configured)
            return new Uri(configured);

        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses;
        var own = BindingAddress.Parse(addresses?.FirstOrDefault()
            ?? throw new InvalidOperationException("The server has no address; set Stock:BaseAddress."));

        // A server listening on every interface is reachable at localhost.
        var host = own.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : own.Host;
        return new Uri($"{own.Scheme}://{host}:{own.Port}");
    }
}
