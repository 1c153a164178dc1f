using System.Diagnostics;
using Microsoft.Playwright;

namespace Agent.Benchmarks.Viewer;

/// <summary>Headless Chromium, as Debian has it. Each page is opened in a context of its own, with nothing cached.</summary>
sealed class Browser : IAsyncDisposable
{
    // In shadow trees, as the dashboard's, a walk over the page's own text finds nothing.
    const string ShadowRows = "row => (document.body?.innerText.match(new RegExp(row, 'g')) ?? []).length >= 20";

    // Stops at the twentieth, so that a page with many rows does not pay for being asked.
    const string Rows = """
        row => {
            if (!document.body) return false;
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const pattern = new RegExp(row);
            for (let count = 0; walker.nextNode();)
                if (pattern.test(walker.currentNode.data) && ++count === 20) {
                    const place = walker.currentNode.parentElement.getBoundingClientRect();
                    return place.height > 0 && place.top < innerHeight;
                }
            return false;
        }
        """;

    readonly IPlaywright _playwright;
    readonly IBrowser _browser;

    Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <returns>Null if there is no Chromium here.</returns>
    public static async Task<Browser?> Start()
    {
        if (Programs.Find("chromium") is not { } program)
            return null;
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] }));
    }

    /// <summary>How long it takes from the navigation until 20 rows with a text are in the page.</summary>
    /// <param name="address">The page.</param>
    /// <param name="row">A regular expression of JavaScript that each row fulfils once.</param>
    /// <param name="isShadow">Whether the rows are in shadow trees.</param>
    public async Task<TimeSpan> Time(Uri address, string row, bool isShadow)
    {
        await using var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        var page = await context.NewPageAsync();
        var started = Stopwatch.GetTimestamp();
        await page.GotoAsync(address.ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync(isShadow ? ShadowRows : Rows, row, new() { Timeout = 60_000 });
        return Stopwatch.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
