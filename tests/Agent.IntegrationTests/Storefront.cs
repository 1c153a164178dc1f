using System.Net;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests;

/// <summary>What a customer does with the Storefront.</summary>
static partial class Storefront
{
    public static FormUrlEncodedContent Order(string token, int quantity) => new(new Dictionary<string, string>
    {
        ["__RequestVerificationToken"] = token,
        ["Input.ProductId"] = "1",
        ["Input.Quantity"] = $"{quantity}",
        ["Input.Email"] = "ada@example.org",
    });

    /// <summary>Opens the order form and takes its antiforgery token.</summary>
    public static async Task<string> OpenOrderForm(HttpClient client) => Token().Match(await client.GetStringAsync(new Uri("/Order", UriKind.Relative))).Groups[2].Value;

    public static async Task<HttpStatusCode> Get(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    public static async Task<HttpResponseMessage> Post(HttpClient client, string path, HttpContent content)
    {
        using (content)
            return await client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    /// <summary>The antiforgery token, new in each response even without the agent.</summary>
    [GeneratedRegex("""(name="__RequestVerificationToken"[^>]* value=")([^"]+)""")]
    public static partial Regex Token();
}
