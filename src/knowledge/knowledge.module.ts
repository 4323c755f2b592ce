import { Global, Module } from '@nestjs/common';
import { ArticleStore } from './article-store.js';
import { PublishArticle } from './commands/publish-article.js';
import { RetireArticle } from './commands/retire-article.js';
import { KnowledgeBook } from './knowledge-book.js';
import { KnowledgeReading } from './knowledge-reading.js';
import { KnowledgeController } from './knowledge.controller.js';
import { LiveIndex } from './live-index.js';
import { Matters } from './matters.js';
import { PublishDemoArticlesWhenCatalogueActivated } from './publish-demo-articles-when-catalogue-activated.reaction.js';

/** What the city knows: articles that answers rest on. */
@Global()
@Module({
  controllers: [KnowledgeController],
  providers: [
    PublishArticle,
    RetireArticle,
    ArticleStore,
    KnowledgeBook,
    LiveIndex,
    Matters,
    KnowledgeReading,
    PublishDemoArticlesWhenCatalogueActivated,
  ],
  exports: [KnowledgeBook],
})
export class KnowledgeModule {}
