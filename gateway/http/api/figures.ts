import { Router } from 'express';
import type { Figures } from '../../observability/figures/figures.ts';
import { readFigures } from '../../protocol/api/figures.ts';
import type { AdminAccess } from '../admin-access.ts';
import { serve } from './serve-operation.ts';

export interface FigureRouteDeps extends AdminAccess {
  readonly figures: Figures;
}

/** `/api/v1/figures`: for administrators of the gateway. */
export function figureRoutes(deps: FigureRouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  serve(router, deps, readFigures, ({ query }) => deps.figures.read(query.span));
  return router;
}
