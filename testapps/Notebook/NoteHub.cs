using Microsoft.AspNetCore.SignalR;

namespace Notebook;

public sealed class NoteHub : Hub
{
    public async Task<string> Write()
    {
        await Task.Yield();
        return Notes.Write("hub");
    }
}
