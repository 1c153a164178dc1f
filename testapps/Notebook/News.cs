using System.Runtime.CompilerServices;

namespace Notebook;

static class News
{
    /// <summary>Breaks off after some items.</summary>
    public static async IAsyncEnumerable<string> Break()
    {
        yield return "good news";
        await Task.Yield();
        Notes.Write("stream");
        throw new InvalidOperationException("The press is broken.");
    }

    /// <summary>Goes on until nobody reads any more.</summary>
    public static async IAsyncEnumerable<string> Wait([EnumeratorCancellation] CancellationToken stop = default)
    {
        yield return new string('.', 100_000); // more than is kept back before the first is sent
        await Task.Delay(Timeout.Infinite, stop);
    }
}
