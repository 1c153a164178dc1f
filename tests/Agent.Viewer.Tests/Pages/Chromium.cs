using Microsoft.Playwright;

namespace Agent.Viewer.Tests.Pages;

/// <summary>Debian's Chromium, headless, for the tests of a class.</summary>
sealed class Chromium : IAsyncDisposable
{
    readonly IPlaywright _playwright;
    readonly IBrowser _browser;

    Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it; a test is skipped and says so if there is none.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var program = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Inconclusive("There is no Chromium (Debian: apt-get install chromium).");
        var playwright = await Playwright.CreateAsync();
        // A sandbox is not to be had for root, nor in many containers; the pages are our own.
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] }));
    }

    /// <summary>Opens a page as somebody who has never been there, and notes whatever goes wrong in it.</summary>
    public async Task<Visit> OpenAsync(Uri address, string path, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = address.ToString();
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        var visit = new Visit(await context.NewPageAsync());
        await visit.Page.GotoAsync(path);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page in a browser of its own.</summary>
sealed class Visit : IAsyncDisposable
{
    readonly List<string> _problems = [];

    public Visit(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Note(message.Type == "error" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
        page.Dialog += (_, dialog) => Note($"dialog {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, what the policy has refused, dialogs.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_problems)
                return [.. _problems];
        }
    }

    /// <summary>The waterfall as it shows: depth and words of each row.</summary>
    public async Task<string> WaterfallAsync() => string.Join('\n', await Page.Locator("#tree .r:visible").EvaluateAllAsync<string[]>(
        "rows => rows.map(row => `${row.getAttribute('aria-level')} ${[...row.querySelector('.nm').childNodes].map(node => node.textContent.trim()).filter(text => text).join(' ')}`)"));

    /// <summary>What was meant to go wrong.</summary>
    public void Forgive(string text)
    {
        lock (_problems)
            _problems.RemoveAll(problem => problem.Contains(text, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    void Note(string? problem)
    {
        lock (_problems)
        {
            if (problem is not null)
                _problems.Add(problem);
        }
    }
}
