// Actors of Akka.NET and of Proto.Actor: some answer, some hand on, some wait, some fail.
using Troupe;

var app = WebApplication.CreateBuilder(args).Build();
AkkaActors.Map(app);
ProtoActors.Map(app);
app.Run();
