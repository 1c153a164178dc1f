using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Errands;

/// <summary>A client of this app's own hub.</summary>
static class SignalRErrand
{
    public static async Task<string> Run(string door, string errand)
    {
        await using var connection = new HubConnectionBuilder().WithUrl(door).Build();
        await connection.StartAsync();
        return await connection.InvokeAsync<string>("Knock", errand);
    }
}

/// <summary>Answers.</summary>
sealed class DoorHub : Hub
{
    public Task<string> Knock(string errand)
    {
        Work.Of(errand).Do(errand);
        return Work.Of(errand).Done.WaitAsync(Context.ConnectionAborted);
    }
}
