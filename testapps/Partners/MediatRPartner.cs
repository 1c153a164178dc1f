using MediatR;

namespace Partners;

/// <summary>A request to one handler and a notification to two.</summary>
static class MediatRPartner
{
    public static void Map(WebApplication app)
    {
        var mediator = new Mediator(type => type == typeof(IRequestHandler<WriteLetter, string>) ? new Writer()
            : type == typeof(IEnumerable<IPipelineBehavior<WriteLetter, string>>) ? Array.Empty<IPipelineBehavior<WriteLetter, string>>()
            : new INotificationHandler<Arrived>[] { new Reader(), new Archivist() });
        app.MapGet("/mediatr/send", async (string name) =>
        {
            try
            {
                return await mediator.Send(new WriteLetter(name));
            }
            catch (ArgumentException e)
            {
                return e.Message;
            }
        });
        app.MapGet("/mediatr/publish", async () =>
        {
            await mediator.Publish(new Arrived());
            return "published";
        });
    }

    sealed record WriteLetter(string Name) : IRequest<string>;

    sealed record Arrived : INotification;

    sealed class Writer : IRequestHandler<WriteLetter, string>
    {
        public async Task<string> Handle(WriteLetter request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return request.Name == "nobody" ? throw new ArgumentException("Nobody reads letters.") : $"Dear {request.Name}";
        }
    }

    sealed class Reader : INotificationHandler<Arrived>
    {
        public Task Handle(Arrived notification, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    sealed class Archivist : INotificationHandler<Arrived>
    {
        public Task Handle(Arrived notification, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
