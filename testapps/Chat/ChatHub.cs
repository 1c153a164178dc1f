using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;

namespace Chat;

public sealed class ChatHub : Hub
{
    public async Task<string> Echo(string text)
    {
        await Task.Yield();
        return text;
    }

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
}
