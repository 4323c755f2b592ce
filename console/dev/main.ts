/** The consoles on a hub in memory: `?as=agent|dispatcher|arbiter|unit|deputy|leader|supervisor`; with none, the login page. */
import '../src/element-styles';
import '../src/style.css';
import { createApp } from 'vue';
import App from '../src/App.vue';
import { sampleHub } from './sample-hub';

const { hub, play } = sampleHub(new URLSearchParams(location.search).get('as'));
createApp(App, { hub }).mount('#app');
Object.assign(window, { hub });
play();
