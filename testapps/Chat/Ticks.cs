using System.Runtime.CompilerServices;

namespace Chat;

static class Ticks
{
    public static async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = 0; i < to; i++)
        {
            await Task.Delay(1, stop);
            yield return i;
        }
    }
}
