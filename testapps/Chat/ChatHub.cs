using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;

namespace Chat;

public sealed class ChatHub(Table table) : Hub
{
    static readonly ActivitySource Source = new("Chat");

    public async Task<string> Echo(string text)
    {
        await Task.Yield();
        return text;
    }

    /// <summary>Asks the caller back.</summary>
    public async Task<string> Order() => $"one {await Clients.Caller.InvokeAsync<string>("ChooseDrink", "on the house", Context.ConnectionAborted)}";

    public void Fail(string secret) => throw new InvalidOperationException("The room is on fire.");

    public void Refuse() => throw new HubException("not for you");

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = 0; i < to; i++)
        {
            await Task.Delay(1, stop);
            yield return i;
        }
    }

    public async Task<int> Sum(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers)
            sum += number;
        return sum;
    }

    /// <summary>Comes to the table, and eats and drinks there when all the others have come.</summary>
    public async Task<int> Dine(int guest, int guests)
    {
        Activity.Current?.SetTag("guest", guest);
        await Step("sit down", guest);
        await table.Wait(guests).ConfigureAwait(false);
        await Task.WhenAll(Step("eat", guest), Task.Run(() => Step("drink", guest)));
        await Step("get up", guest);
        return guest;
    }

    /// <summary>The same, course by course.</summary>
    public async IAsyncEnumerable<int> DineSlowly(int guest, int guests)
    {
        Activity.Current?.SetTag("guest", guest);
        await Step("sit down", guest);
        await table.Wait(guests);
        for (var course = 1; course <= 2; course++)
        {
            await Step("eat", guest);
            yield return guest;
        }
    }

    static async Task Step(string what, int guest)
    {
        using var activity = Source.StartActivity(what);
        activity?.SetTag("guest", guest);
        await Task.Yield();
    }
}
